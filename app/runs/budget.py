"""Compute time that a visitor may use: so much is kept at most, and it comes back slowly while it is used or not."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

_LEAST_TO_GO_ON = 0.05
"""The share of the whole from which on one who had used up everything may go on."""
_MOST_KEPT = 10_000
"""Accounts of visitors; those that are full again are forgotten beyond this number."""


@dataclass
class _Account:
    seconds: float
    """Left, or owed."""
    at: float
    spent: bool = False
    """Whether everything was used up, and not enough has come back since."""


class Budgets:
    """Every visitor's compute time, in seconds. `clock` tells the time."""

    def __init__(self, most: float, refill: float, clock: Callable[[], float] = monotonic) -> None:
        """Everybody begins with `most`; `refill` seconds come back each second."""
        self._most = most
        self._refill = refill
        self._clock = clock
        self._accounts: dict[str, _Account] = {}

    def left(self, visitor: str) -> float:
        """What the visitor may use now; below 0 where it used more."""
        account = self._accounts.get(visitor)
        return self._most if account is None else self._present(account)

    def use(self, visitor: str, seconds: float) -> None:
        """Uses some."""
        left, spent = self.left(visitor) - seconds, self.wait(visitor) > 0
        if visitor not in self._accounts and len(self._accounts) >= _MOST_KEPT:
            self._forget()
        self._accounts[visitor] = _Account(left, self._clock(), spent or left <= 0)

    def wait(self, visitor: str) -> float:
        """Seconds until a visitor that has used up everything may go on, 0 for all others."""
        account = self._accounts.get(visitor)
        if account is None or not account.spent:
            return 0.0
        return max(0.0, (self._most * _LEAST_TO_GO_ON - self._present(account)) / self._refill)

    def _present(self, account: _Account) -> float:
        return min(self._most, account.seconds + (self._clock() - account.at) * self._refill)

    def _forget(self) -> None:
        self._accounts = {
            visitor: account for visitor, account in self._accounts.items() if self._present(account) < self._most
        }
