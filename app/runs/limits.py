"""How much of the server each visitor may have: asked before anything is begun, and answered in words.

A server for a single user gives that user all there is; what protects the machine itself holds for everybody. Safe from
any thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from time import monotonic

from app.errors import FieldError, LimitReached, TooLarge
from app.runs.budget import Budgets
from app.runs.memory import available_bytes, resident_bytes
from app.schemas.graph import Graph
from app.settings import Settings

_MEMORY_SHARE = 0.75
_MEMORY_RETRY_SECONDS = 60
_COMPILE_RETRY_SECONDS = 10
_DRAWING_RETRY_SECONDS = 3
_SWEEP_RETRY_SECONDS = 10
_MOST_EXPLANATIONS = 8
_EXPLANATION_RETRY_SECONDS = 1


@dataclass(frozen=True)
class Standing:
    """What a visitor uses, beside what it may use; None where nothing limits it."""

    runs: int
    most_runs: int | None
    running: int
    most_running: int | None
    compute_seconds: float | None
    """Left; what it may use at most comes back by itself."""
    most_compute_seconds: float | None


class Limits:
    """See the module. Each `admit_…` raises LimitReached, with when to try again where that is known."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], float] = monotonic,
        resident: Callable[[], int] = resident_bytes,
    ) -> None:
        self._settings = settings
        self._personal = not settings.single_user
        self._budgets = Budgets(settings.compute_seconds, settings.compute_refill, clock)
        self._resident = resident
        self._memory = settings.max_memory_bytes or int(available_bytes() * _MEMORY_SHARE)

    def admit_run(self, kept: int, wanted: int = 1) -> None:
        """Before so many runs are made by a visitor that has `kept` others."""
        most = self._settings.max_runs_per_visitor
        if self._personal and kept + wanted > most:
            which = "one" if wanted == 1 else f"{kept + wanted - most:,} to make room for {wanted} more"
            raise LimitReached(f"You have {kept:,} runs, and {most:,} is the most. Delete {which} first.")
        self._admit_memory()

    def admit_play(self, visitor: str, playing: int, wanted: int = 1) -> None:
        """Before so many runs are to train, beside `playing` others of the same visitor."""
        if not self._personal:
            return
        most = self._settings.max_running_per_visitor
        if wanted > most:
            raise LimitReached(f"{wanted} runs cannot train at once here: {most} is the most.")
        if playing + wanted > most:
            which = "one" if wanted == 1 else f"{playing + wanted - most} to make room for {wanted} more"
            raise LimitReached(f"{playing} of your runs are training, and {most} is the most. Pause {which} first.")
        self._admit_computing(visitor)

    def admit_landscape(self, visitor: str, drawn: int) -> None:
        """Before a landscape is drawn, while `drawn` others of the same visitor are."""
        if not self._personal:
            return
        most = self._settings.max_landscapes_per_visitor
        if drawn >= most:
            detail = f"{drawn} of your loss landscapes are being drawn, and {most} is the most. Wait for one of them."
            raise LimitReached(detail, retry_after=_DRAWING_RETRY_SECONDS)
        self._admit_computing(visitor)

    def admit_explanation(self, visitor: str, waiting: int) -> None:
        """Before a network of this visitor is explained, while `waiting` other explanations are worked on."""
        if not self._personal:
            return
        if waiting >= _MOST_EXPLANATIONS:
            detail = f"{waiting} of your explanations are being worked out, and that is the most. Wait for one of them."
            raise LimitReached(detail, retry_after=_EXPLANATION_RETRY_SECONDS)
        self._admit_computing(visitor)

    def admit_sweep(self, visitor: str, running: int) -> None:
        """Before a sweep begins, while `running` others of the same visitor go on."""
        self._admit_memory()
        if not self._personal:
            return
        most = self._settings.max_sweeps_per_visitor
        if running >= most:
            detail = f"{running} of your sweeps is running, and {most} is the most. Wait for it, or stop it."
            raise LimitReached(detail, retry_after=_SWEEP_RETRY_SECONDS)
        self._admit_computing(visitor)

    def admit_compile(self, waiting: int, waiting_in_all: int) -> None:
        """Before a program is asked for that no thread has begun to compile.

        `waiting` such programs of the same visitor are in the queue already, and so many in all.
        """
        too_many = self._personal and waiting >= self._settings.max_compiles_per_visitor
        if too_many or waiting_in_all >= self._settings.max_compiles:
            detail = "Too many networks are waiting to be compiled. Try again in a few seconds."
            raise LimitReached(detail, retry_after=_COMPILE_RETRY_SECONDS)

    def admit_network(self, graph: Graph, samples: int) -> None:
        """Before a network is made that learns from so many samples. Raises TooLarge."""
        most, most_work = self._settings.max_parameters, self._settings.max_work
        work = graph.work * samples
        if graph.parameters > most:
            raise _too_large(
                f"the network would have {graph.parameters:,} weights and biases, and {most:,} is the most"
            )
        if work > most_work:
            raise _too_large(
                f"the network would multiply about {work:,} times to see all {samples:,} samples once, and "
                f"{most_work:,} times is the most: take larger strides, fewer filters, or fewer or smaller samples"
            )

    def admit_stream(self, watcher: str, watchers: Sequence[str]) -> None:
        """Before another event stream is opened, beside those of `watchers`; "" is somebody who is not known."""
        if len(watchers) >= self._settings.max_streams:
            raise LimitReached("Too many event streams are open. Try again in a minute.")
        most = self._settings.max_streams_per_visitor
        if self._personal and watcher and watchers.count(watcher) >= most:
            raise LimitReached(f"You have {most:,} event streams open, and that is the most. Close some pages first.")

    def used(self, visitor: str, seconds: float) -> bool:
        """Notes that a run of this visitor was computed for so long. Returns whether it may go on."""
        if not self._personal:
            return True
        self._budgets.use(visitor, seconds)
        return not self._budgets.wait(visitor)

    def has_spent(self, visitor: str) -> bool:
        """Whether this visitor has used up all compute time, and not enough of it has come back since."""
        return self._personal and self._budgets.wait(visitor) > 0

    def spent_words(self, visitor: str, then: str = "Go on") -> str:
        """What is said to a visitor that has used up its compute time, and what may be or happens `then`."""
        minutes = ceil(self._budgets.wait(visitor) / 60)
        when = "a minute" if minutes <= 1 else f"{minutes} minutes"
        seconds = self._settings.compute_seconds
        return f"You have used up the {seconds:,.0f} seconds of computing that a visitor has. {then} in {when}."

    def standing(self, visitor: str, *, runs: int, running: int) -> Standing:
        """How far the visitor, with so many runs, is from the limits."""
        if not self._personal:
            return Standing(runs, None, running, None, None, None)
        settings = self._settings
        return Standing(
            runs=runs,
            most_runs=settings.max_runs_per_visitor,
            running=running,
            most_running=settings.max_running_per_visitor,
            compute_seconds=max(0.0, self._budgets.left(visitor)),
            most_compute_seconds=settings.compute_seconds,
        )

    def _admit_memory(self) -> None:
        if self._resident() > self._memory:
            detail = "The server's memory is used up for now. Try again in a minute."
            raise LimitReached(detail, retry_after=_MEMORY_RETRY_SECONDS)

    def _admit_computing(self, visitor: str) -> None:
        if wait := self._budgets.wait(visitor):
            raise LimitReached(self.spent_words(visitor), retry_after=ceil(wait))


def _too_large(message: str) -> TooLarge:
    return TooLarge(f"network.layers: {message}.", (FieldError("network.layers", message),))
