"""What operators are told of the runs: counters since the start, and how things stand now."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.runs.compiler import Compiler
from app.runs.keeper import Keeper
from app.runs.observer import Observer
from app.runs.scheduler import Scheduler
from app.schemas.run import Status


@dataclass(frozen=True)
class Figures:
    """Counted from the start of the server, but for `statuses` and `compiles_waiting`. Times are in seconds."""

    statuses: Mapping[Status, int] = field(default_factory=dict[Status, int])
    """Of the runs that are awake."""
    steps: int = 0
    lags: tuple[int, ...] = ()
    """How many slices came so late: up to each of LAG_SECONDS, and later."""
    lag_seconds: float = 0.0
    """All that slices came late, together."""
    frames: int = 0
    shed: float = 0.0
    """Frames that were left out because many runs are watched."""
    compiles: int = 0
    compile_seconds: float = 0.0
    compiles_waiting: int = 0
    storage_seconds: float = 0.0


def figures(scheduler: Scheduler, observer: Observer, compiler: Compiler, keeper: Keeper) -> Figures:
    """As they are now. Safe from any thread."""
    tally = scheduler.tally
    return Figures(
        statuses=Counter(run.status for run in list(scheduler.runs.values())),
        steps=tally.steps,
        lags=tuple(tally.lags),
        lag_seconds=tally.lag_seconds,
        frames=observer.frames,
        shed=observer.shed,
        compiles=compiler.compilations,
        compile_seconds=compiler.seconds,
        compiles_waiting=compiler.waiting,
        storage_seconds=keeper.seconds,
    )
