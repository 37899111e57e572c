"""Content negotiation (RFC 9110, section 12.5): which media types and codings a request prefers."""

from http import HTTPStatus

from fastapi import Request
from starlette.exceptions import HTTPException


def choose(request: Request, *offers: str) -> str:
    """The offered media type that the Accept header weighs most; the first offer where it has no preference.

    Where it accepts none of them this is the first offer too; see `negotiate`.
    """
    return max(offers, key=lambda offer: _quality(request, offer))


def negotiate(request: Request, *offers: str) -> str:
    """Like `choose`, but answers 406 where none of the offers is acceptable."""
    chosen = choose(request, *offers)
    if _quality(request, chosen) == 0:
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, f"This can be had as {', '.join(offers)}.")
    return chosen


def accepts_gzip(request: Request) -> bool:
    """Whether the client can read gzip (RFC 9110, section 12.5.3)."""
    header = ",".join(request.headers.getlist("accept-encoding"))
    weights = dict(_range(item) for item in header.split(","))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _quality(request: Request, offer: str) -> float:
    """The weight of the most specific range that covers `offer`; 1 without a header, 0 where no range covers it."""
    header = ",".join(request.headers.getlist("accept")).strip()
    ranges = [_range(item) for item in (header or "*/*").split(",")]
    matching = {offer: 2, f"{offer.partition('/')[0]}/*": 1, "*/*": 0}
    weights = {matching[media]: quality for media, quality in ranges if media in matching}
    return weights[max(weights)] if weights else 0.0


def _range(item: str) -> tuple[str, float]:
    media, *parameters = (part.strip().lower() for part in item.split(";"))
    quality = next((value for name, _, value in (part.partition("=") for part in parameters) if name == "q"), "1")
    try:
        return media, min(max(float(quality), 0.0), 1.0)
    except ValueError:
        return media, 1.0
