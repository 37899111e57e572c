"""Other sites must not drive a server that a visitor's browser can reach: it needs no password on one's own machine."""

from http import HTTPStatus

from fastapi import Request
from starlette.exceptions import HTTPException

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def refuse_other_sites(request: Request) -> None:
    """Answers 403 to a change that a page of another site asks for. Browsers say so; programs say nothing and pass."""
    if request.method not in SAFE_METHODS and request.headers.get("sec-fetch-site") == "cross-site":
        raise HTTPException(HTTPStatus.FORBIDDEN, "Pages of other sites cannot change anything here.")
