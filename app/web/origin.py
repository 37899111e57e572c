"""Other sites must not drive this server through a visitor's browser, which sends the visitor's cookie along.

**Changes.** A browser says where a request comes from: by Sec-Fetch-Site wherever the connection is secure (TLS, or
this machine), and by Origin with every change otherwise. The first must be `same-origin`, or `none` (the visitor's own
doing); where only the second is there, its host must be the one that was asked (as Go's CrossOriginProtection has it).
A request with neither comes from no browser of today. It may pass, with a cookie, too: curl with a cookie jar is such a
program, and nobody can make a visitor's curl ask for anything. A request with a token passes: no browser adds one by
itself. Nothing changes by GET, but that a page makes a run of its own.

**Names.** On a server for a single user nobody has to prove anything, so a page whose name was pointed at this machine
(DNS rebinding) would be let in by its browser as the same site. Such a server answers to names of this machine alone.
"""

import ipaddress
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from fastapi import Request
from starlette.exceptions import HTTPException

from app.errors import Forbidden
from app.web.state import Parts
from app.web.visitors import bearer_token

_OF_PROXIES = ("forwarded", "x-forwarded-for", "x-forwarded-host")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def refuse_other_sites(request: Request) -> None:
    """Raises Forbidden for a change that a page of another site asks for."""
    if request.method not in SAFE_METHODS and bearer_token(request) is None and _from_other_site(request):
        raise Forbidden("Pages of other sites cannot change anything here.")


async def refuse_other_names(request: Request, parts: Parts) -> None:
    """Answers 421 where a server for a single user is called by a name that is not this machine's."""
    if not parts.settings.single_user:
        return
    if any(header in request.headers for header in _OF_PROXIES):
        raise HTTPException(
            HTTPStatus.MISDIRECTED_REQUEST,
            "This server is for one user of this machine, and somebody else's requests come through a proxy. "
            "Set NNPLAY_SINGLE_USER=false where it is to serve many.",
        )
    name = _parts_of(f"//{request.headers.get('host', '')}").hostname or ""
    if not is_loopback(name) and name not in parts.settings.allowed_hosts:
        raise HTTPException(
            HTTPStatus.MISDIRECTED_REQUEST,
            f"This server is for one user of this machine, and answers to localhost, not to {name[:100]!r}. "
            "NNPLAY_ALLOWED_HOSTS can name further names.",
        )


def is_loopback(name: str) -> bool:
    """Whether a host's name or address can be nothing but this machine."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def _from_other_site(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and _parts_of(origin).netloc.lower() != request.headers.get("host", "").lower()


def _parts_of(address: str) -> SplitResult:
    """The parts of an address; all empty where it cannot be read."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
