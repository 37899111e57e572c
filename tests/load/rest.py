"""Many runs at rest: how long it takes to make one, and what memory each takes."""

from dataclasses import dataclass, field

from tests.load.measures import percentile, resident_bytes
from tests.load.visitors import Visitor, plain_client
from tests.servers import RunningServer

_FIRST = 20
"""Runs that fill what all share."""
_EPOCHS = 20


@dataclass
class Shelf:
    """What making them showed."""

    seconds: list[float] = field(default_factory=list[float])
    """For each, until it was made."""
    bytes_each: float = 0.0

    def created(self, part: float) -> float:
        """This percentile of the time until a run was made."""
        return percentile(self.seconds, part)


def fill(server: RunningServer, runs: int, visitors: int) -> Shelf:
    """Has visitors make so many runs in all, each of which trains a little and is paused then."""
    shelf = Shelf()
    with plain_client() as client:
        everybody = [Visitor(server.url) for _ in range(visitors)]

        def make(number: int) -> None:
            visitor = everybody[number % visitors]
            shelf.seconds.append(visitor.create(client))
            visitor.tell(client, "step", unit="epoch", count=_EPOCHS)

        for number in range(_FIRST):
            make(number)
        shelf.seconds.clear()
        before = resident_bytes(server)
        for number in range(runs):
            make(number)
        shelf.bytes_each = (resident_bytes(server) - before) / runs
    return shelf
