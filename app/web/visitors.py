"""Who asks: the one user of a server for this machine alone, or a visitor known by a signed cookie or an API token.

A visitor has no name and no password. The cookie is made when a visitor first makes something, and is all there is to
prove who it was made by. What a visitor may do with a run is app.web.access' affair.
"""

import hashlib
import os
import secrets
import tempfile
import time
from http import HTTPStatus
from pathlib import Path

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from itsdangerous import BadSignature, Signer
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings
from app.storage.store import Store

LOCAL = "local"
"""The visitor that everybody is on a server for a single user."""
NOBODY = ""
"""Somebody who has made nothing yet, and so has nothing."""

COOKIE = "nnplay_visitor"
COOKIE_SECONDS = 400 * 24 * 3600  # browsers keep none for longer; it is given anew with each visit
TOKEN_SECONDS = 10.0
"""So long a token may still be good after it was revoked."""

_MOST_TOKENS = 1_000
_SCHEME = "bearer "
_COOKIE_TO_SET = "visitor_cookie"


class Visitors:
    """See the module."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.single_user = settings.single_user
        self._store = store
        self._embedded = settings.frame_ancestors not in ("'self'", "'none'")
        self._signer = None if self.single_user else _signer(settings)
        self._tokens: dict[str, tuple[str, float]] = {}
        """The visitors of tokens that were used lately, and until when that may be believed."""

    async def known(self, request: Request) -> str:
        """The visitor, or NOBODY. Answers 401 where there is a token that is none."""
        if self._signer is None:
            return LOCAL
        token = bearer_token(request)
        if token is not None:
            return await self._of_token(token)
        try:
            return self._signer.unsign(request.cookies.get(COOKIE, "")).decode()
        except BadSignature:
            return NOBODY

    def keep(self, request: Request, visitor: str) -> str:
        """The visitor, or a new one for NOBODY, with the cookie by which to be known for the next 400 days."""
        if self._signer is None or bearer_token(request) is not None:
            return visitor
        visitor = visitor or secrets.token_hex(16)
        setattr(request.state, _COOKIE_TO_SET, self._cookie(self._signer.sign(visitor).decode(), request))
        return visitor

    async def _of_token(self, token: str) -> str:
        visitor, until = self._tokens.get(token, (NOBODY, 0.0))
        if time.monotonic() < until:
            return visitor
        found = await run_in_threadpool(self._store.visitor_of_token, token)
        if found is None:
            raise HTTPException(
                HTTPStatus.UNAUTHORIZED, "This token is not known here, or was revoked.", {"WWW-Authenticate": "Bearer"}
            )
        if len(self._tokens) >= _MOST_TOKENS:
            self._tokens.clear()
        self._tokens[token] = found, time.monotonic() + TOKEN_SECONDS
        return found

    def _cookie(self, value: str, request: Request) -> str:
        """The header Set-Cookie. In a frame on another site, only a cookie that allows it is sent, and only by TLS."""
        path = request.scope.get("root_path", "") or "/"
        parts = [f"{COOKIE}={value}", f"Max-Age={COOKIE_SECONDS}", f"Path={path}", "HttpOnly"]
        secure = request.url.scheme == "https"
        if secure:
            parts.append("Secure")
        parts += ["SameSite=None", "Partitioned"] if self._embedded and secure else ["SameSite=Lax"]
        return "; ".join(parts)


class VisitorMiddleware:
    """Sends the cookie that `Visitors.keep` has asked for along with whatever the answer is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add to the start of its answer."""
        state = scope.setdefault("state", {})

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and (cookie := state.get(_COOKIE_TO_SET)):
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, with_cookie)


def bearer_token(request: Request) -> str | None:
    """What the header Authorization says, if it is a token."""
    header = request.headers.get("authorization", "")
    return header[len(_SCHEME) :].strip() if header[: len(_SCHEME)].lower() == _SCHEME else None


def _signer(settings: Settings) -> Signer:
    key = settings.secret_key.get_secret_value() if settings.secret_key else _kept_key(settings.data_dir)
    return Signer(key, salt="visitor", key_derivation="hmac", digest_method=hashlib.sha256)


def _kept_key(folder: Path) -> str:
    """The key in `folder`, made with the first server there; several may start at once."""
    path = folder / "secret.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".")  # for its owner alone
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
            os.link(temporary, path)
        except FileExistsError:
            pass  # another was quicker
        finally:
            Path(temporary).unlink()
    return path.read_text()
