"""How often a visitor may ask, and how many new visitors may come from one address. A person never notices.

Counted over ten seconds, so that dragging a slider or opening a page may ask for more at once. Only on a server for
many: whoever has a server for himself alone may ask as often as he likes.
"""

import ipaddress
import math
import time

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from app.errors import LimitReached
from app.settings import Settings

WINDOW_SECONDS = 10
# Who has one IPv6 address usually has all that begin with the same 64 bits.
_IPV6_PREFIX = 64


class Rates:
    """See the module."""

    def __init__(self, settings: Settings) -> None:
        self._unlimited = settings.single_user
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._requests = _per_window(settings.requests_per_second)
        self._newcomers = _per_window(settings.new_visitors_per_second)

    async def request(self, request: Request, visitor: str) -> None:
        """Counts a request of a visitor, or of an address where nobody is known. Raises LimitReached."""
        await self._count(self._requests, "request", visitor or _address(request), "Too many requests.")

    async def newcomer(self, request: Request) -> None:
        """Counts somebody new from an address. Raises LimitReached."""
        await self._count(self._newcomers, "newcomer", _address(request), "Too many new visitors from your network.")

    async def _count(self, limit: RateLimitItem, kind: str, who: str, told: str) -> None:
        if self._unlimited or await self._limiter.hit(limit, kind, who):
            return
        again, _ = await self._limiter.get_window_stats(limit, kind, who)
        seconds = min(max(1, math.ceil(again - time.time())), WINDOW_SECONDS)
        unit = "second" if seconds == 1 else "seconds"
        raise LimitReached(f"{told} Try again in {seconds} {unit}.", retry_after=seconds)


def _per_window(per_second: int) -> RateLimitItem:
    return RateLimitItemPerSecond(per_second * WINDOW_SECONDS, WINDOW_SECONDS)


def _address(request: Request) -> str:
    """Where a request comes from, as far as people can be told apart by it."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host  # a socket of this machine
    if address.version == 4:
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _IPV6_PREFIX), strict=False))
