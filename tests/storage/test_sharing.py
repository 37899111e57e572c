"""Links let whoever opens them see a run, for as long as it is shared and not in the bin."""

import pytest

from app.errors import NotFound
from app.storage.store import Store
from tests.storage.changes import ME, put_run


@pytest.fixture
def token(store: Store) -> str:
    """The link of run `a`."""
    store.write([put_run("a"), put_run("b")])
    return store.share("a")


def test_a_link_leads_to_its_run(store: Store, token: str) -> None:
    assert store.run_of_share(token) == "a"
    assert store.share("a") == token
    assert store.share("b") != token
    assert len(token) >= 22
    assert [row.share for row in store.runs(ME)] == [token, store.share("b")]


def test_no_link_of_no_run(store: Store) -> None:
    with pytest.raises(NotFound):
        store.share("none")
    assert store.run_of_share("") is None


def test_readers_are_those_who_opened_the_link(store: Store, token: str) -> None:
    store.add_reader("a", "ann")
    store.add_reader("a", "ann")
    assert [store.is_reader("a", visitor) for visitor in ("ann", "ben")] == [True, False]
    assert not store.is_reader("b", "ann")


def test_nobody_reads_what_is_not_shared(store: Store, token: str) -> None:
    store.add_reader("b", "ann")
    store.add_reader("none", "ann")
    store.share("b")
    assert not store.is_reader("b", "ann")


def test_the_end_of_sharing_is_the_end_of_reading(store: Store, token: str) -> None:
    store.add_reader("a", "ann")
    store.unshare("a")
    assert store.run_of_share(token) is None
    assert not store.is_reader("a", "ann")
    assert store.share("a") != token
    assert not store.is_reader("a", "ann")


def test_a_run_in_the_bin_is_not_seen_by_others(store: Store, token: str) -> None:
    store.add_reader("a", "ann")
    store.bin(["a"])
    assert (store.run_of_share(token), store.is_reader("a", "ann")) == (None, False)
    store.unbin(["a"])
    assert (store.run_of_share(token), store.is_reader("a", "ann")) == ("a", True)
