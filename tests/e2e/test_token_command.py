"""Tokens on the command line, beside a server that has the data."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.settings import Settings
from app.storage.store import Store, open_store
from tests.databases import database_url

NNPLAY = Path(sys.executable).with_name("nnplay")
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Store]:
    """The store, held as a server holds it."""
    with closing(open_store(Settings(data_dir=tmp_path, database_url=database_url(tmp_path)))) as store:
        yield store


@pytest.fixture
def nnplay(tmp_path: Path) -> Command:
    """`nnplay token` with the same settings."""
    url = database_url(tmp_path)
    settings = {"NNPLAY_DATA_DIR": str(tmp_path)} | ({"NNPLAY_DATABASE_URL": url} if url else {})

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [NNPLAY, "token", *arguments]
        return subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, timeout=60)

    return run


def test_a_token_is_made_listed_and_revoked(served: Store, nnplay: Command) -> None:
    made = nnplay("create", "my laptop")
    assert made.returncode == 0, made.stderr
    token = made.stdout.strip()
    (known,) = served.tokens()
    assert served.visitor_of_token(token) == known.visitor
    assert re.fullmatch(r"\d{4}-\d\d-\d\d  my laptop\n", nnplay("list").stdout)
    assert nnplay("revoke", "my laptop").returncode == 0
    assert served.visitor_of_token(token) is None
    assert nnplay("list").stdout == ""


def test_what_cannot_be_done_is_one_line(served: Store, nnplay: Command) -> None:
    served.create_token("laptop")
    for arguments, words in ((("create", "laptop"), "already"), (("revoke", "phone"), "no token called 'phone'")):
        done = nnplay(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert re.fullmatch(rf"nnplay: .*{words}.*\n", done.stderr)
