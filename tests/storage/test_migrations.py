"""Databases get to the tables of this program, whatever they were, and never back."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from app.errors import InvalidInput
from app.storage import migrations
from app.storage.store import Store
from app.storage.tables import metadata
from tests.storage.changes import ME, put_run


def test_migrations_make_the_tables_that_the_program_uses(bare_url: str) -> None:
    with closing(Store(bare_url)) as store, store.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_last_migration_is_the_one_that_the_program_wants() -> None:
    directory = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert directory.get_heads() == [migrations.HEAD]


def test_what_was_written_is_there_again(url: str) -> None:
    with closing(Store(url)) as store:
        store.write([put_run("a", step=3)])
    with closing(Store(url)) as store:
        row = store.run("a")
    assert row
    assert row.step == 3


def test_what_an_earlier_program_has_written_stays(bare_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "HEAD", "0001")
        with closing(Store(bare_url)) as store:
            store.write([put_run("a", step=3)])
            assert not inspect(store.reader).has_table("sweeps")
    with closing(Store(bare_url)) as store:
        assert [row.step for row in store.runs(ME)] == [3]
        assert store.sweeps(ME) == []


def test_tables_that_an_earlier_program_has_kept_are_found(bare_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "HEAD", "0002")
        with closing(Store(bare_url)) as store, store.writer.begin() as connection:
            connection.execute(text("INSERT INTO datasets (id, content) VALUES ('a', '{}')"))
    with closing(Store(bare_url)) as store:
        store.put_dataset("b", b"pictures", ME)
        assert (store.dataset("a"), store.dataset("b")) == ("{}", b"pictures")
        assert [store.holds_pictures(dataset_id) for dataset_id in ("a", "b")] == [False, True]


def test_a_migration_that_fails_leaves_nothing(bare_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", _fail)
    with pytest.raises(RuntimeError, match="in the middle"):
        Store(bare_url)
    monkeypatch.undo()
    with closing(Store(bare_url)) as store:
        assert store.count() == 0


def _fail(*_: object) -> None:
    raise RuntimeError("in the middle")


def test_data_of_a_later_program_are_left_alone(bare_url: str) -> None:
    with closing(Store(bare_url)) as store, store.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(InvalidInput, match=r"version 9999, .* use a later one"):
        Store(bare_url)


def test_a_tool_makes_the_tables_where_no_server_has(bare_url: str) -> None:
    with closing(Store(bare_url, exclusive=False)) as store:
        assert store.tokens() == []


def test_a_current_database_is_opened_without_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'playground.db'}"
    Store(url).close()
    script = f"import sys; from app.storage.store import Store; Store({url!r}).close(); print('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "False\n"
