"""Tokens stand for visitors, and the store cannot give them away."""

import pytest
from sqlalchemy import select

from app.errors import InvalidInput
from app.storage.store import Store
from app.storage.tables import tokens


def test_a_token_stands_for_its_visitor(store: Store) -> None:
    token, visitor = store.create_token("laptop")
    other, stranger = store.create_token("phone")
    assert [store.visitor_of_token(text) for text in (token, other, token + " ", "")] == [visitor, stranger, None, None]
    assert visitor != stranger
    assert len(visitor) <= 40
    assert [(row.name, row.visitor) for row in store.tokens()] == [("laptop", visitor), ("phone", stranger)]


def test_what_is_stored_does_not_give_it_away(store: Store) -> None:
    token, _ = store.create_token("laptop")
    assert len(token) >= 43
    with store.reader.connect() as connection:
        (row,) = connection.execute(select(tokens)).all()
    assert not any(token in str(value) for value in row)
    assert store.visitor_of_token(row.hash) is None


def test_a_revoked_token_stands_for_nobody(store: Store) -> None:
    token, visitor = store.create_token("laptop")
    assert store.revoke_token("laptop")
    assert not store.revoke_token("laptop")
    assert store.visitor_of_token(token) is None
    again, same = store.create_token("laptop")
    assert (again != token, same) == (True, visitor)
    assert store.visitor_of_token(token) is None


@pytest.mark.parametrize("name", ["", "x" * 101, "two\nlines", "\x00"])
def test_what_is_no_name(store: Store, name: str) -> None:
    with pytest.raises(InvalidInput, match="1 to 100 printable"):
        store.create_token(name)


def test_a_name_is_given_once(store: Store) -> None:
    token, visitor = store.create_token("laptop")
    with pytest.raises(InvalidInput, match="already"):
        store.create_token("laptop")
    assert store.visitor_of_token(token) == visitor
