"""One server at a time has the data; whoever comes next waits a while, and is told what to do."""

import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.errors import InvalidInput
from app.settings import Settings
from app.storage import claim
from app.storage.migrations import HEAD
from app.storage.store import Store, open_store
from tests.storage.changes import ME, put_run


@contextmanager
def patience(monkeypatch: pytest.MonkeyPatch, seconds: float) -> Generator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(claim, "WAIT_SECONDS", seconds)
        yield


def test_nobody_else_gets_the_data_of_a_server(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with patience(monkeypatch, 0.1), pytest.raises(InvalidInput, match="NNPLAY_DATA_DIR"):
        Store(url)
    store.write([put_run("a")])


def test_the_next_server_waits_for_the_one_before(store: Store, url: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(Store, url)
        time.sleep(0.2)
        assert not opening.done()
        store.write([put_run("a", step=8)])
        store.close()
        with closing(opening.result(10)) as after:
            assert [row.step for row in after.runs(ME)] == [8]


def test_a_tool_works_beside_a_server(store: Store, url: str) -> None:
    with closing(Store(url, exclusive=False)) as tool:
        token, visitor = tool.create_token("laptop")
        assert store.visitor_of_token(token) == visitor
        store.write([put_run("a")])
        assert tool.count() == 1


def test_a_tool_changes_no_tables_under_a_server(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.writer.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    with patience(monkeypatch, 0.1), pytest.raises(InvalidInput, match="Another server"):
        Store(url, exclusive=False)
    with store.writer.begin() as connection:
        connection.execute(text(f"INSERT INTO alembic_version VALUES ('{HEAD}')"))


def test_a_writer_that_lost_its_database_to_another_writes_no_more(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Store(postgresql_url)) as first:
        with closing(Store(postgresql_url, exclusive=False)) as tool, tool.writer.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
        with closing(Store(postgresql_url)) as second, patience(monkeypatch, 0.1):
            with pytest.raises((InvalidInput, DBAPIError)):
                first.write([put_run("first")])
            second.write([put_run("second")])
        first.write([put_run("later")])
        assert [first.run(run_id) is not None for run_id in ("first", "second", "later")] == [False, True, True]


def test_the_settings_name_the_database(tmp_path: Path) -> None:
    with closing(open_store(Settings(data_dir=tmp_path / "data"))) as store:
        assert store.count() == 0
    assert (tmp_path / "data" / "playground.db").is_file()
    with closing(open_store(Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'other.db'}"))):
        assert (tmp_path / "other.db").is_file()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "is not a URL"),
        ("sqlite://", "sqlite:///FILE"),
        ("mysql://me:secret@host/database", "only postgresql"),
        ("postgresql://me:secret@127.0.0.1:1/database", "cannot be opened: .*refused"),
        ("sqlite:////dev/null/playground.db", "cannot be opened"),
    ],
)
def test_what_is_no_database_is_told_without_its_password(url: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        Store(url)
    assert "secret" not in str(caught.value)
