"""Tokens for the REST interface. A token is random and long, so that its plain hash gives nothing away."""

import hashlib
import secrets
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from app.errors import InvalidInput
from app.storage.database import Database
from app.storage.records import TokenRow
from app.storage.tables import tokens

PREFIX = "nnplay_"
LONGEST_NAME = 100


class Tokens(Database):
    """The part of the store that knows whose token is whose."""

    def create_token(self, name: str) -> tuple[str, str]:
        """A new token, which is told here alone, and the visitor that it stands for.

        The visitor depends on the name only: a token that replaces one of the same name sees the same runs.
        Raises InvalidInput where the name is taken, or cannot be one.
        """
        if not name.isprintable() or not 1 <= len(name) <= LONGEST_NAME:
            raise InvalidInput(f"The name of a token is 1 to {LONGEST_NAME} printable characters.")
        token, visitor = PREFIX + secrets.token_urlsafe(32), f"token-{_hash(name)[:32]}"
        row = {"name": name, "hash": _hash(token), "visitor": visitor, "created": datetime.now(UTC)}
        try:
            with self._write() as connection:
                connection.execute(insert(tokens), row)
        except IntegrityError:
            raise InvalidInput(f"There is a token called {name!r} already; revoke it first.") from None
        return token, visitor

    def visitor_of_token(self, token: str) -> str | None:
        """The visitor that a token stands for; None where it is none, or was revoked."""
        return self._scalar(select(tokens.c.visitor).where(tokens.c.hash == _hash(token)))

    def tokens(self) -> list[TokenRow]:
        """All tokens, by name."""
        query = select(tokens.c.name, tokens.c.visitor, tokens.c.created).order_by(tokens.c.name)
        with self._read() as connection:
            return [TokenRow(*row) for row in connection.execute(query)]

    def revoke_token(self, name: str) -> bool:
        """Makes a token useless. Returns whether there was one of this name."""
        with self._write() as connection:
            return connection.execute(delete(tokens).where(tokens.c.name == name)).rowcount > 0


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
