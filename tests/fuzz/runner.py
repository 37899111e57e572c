"""Runs a target on so many inputs, and counts and times every one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from hypothesis import HealthCheck, Phase, given, seed, settings
from pydantic_core import to_json

from app.errors import PlaygroundError
from app.web.problems import problem_of
from tests.fuzz.targets import Target

SLOWEST_SECONDS = 1.0
# Hypothesis keeps in memory what it has tried.
BATCH = 2_000
_SETTINGS = settings(
    database=None,
    deadline=None,
    derandomize=False,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much),
)


@dataclass
class Outcome:
    """What came of one target."""

    name: str
    inputs: int = 0
    accepted: int = 0
    """How many were found to be good."""
    seconds: float = 0.0
    slowest: float = 0.0
    """The longest that one input took, in seconds."""

    def take(self, target: Target, value: object) -> None:
        """Has the target read one input. Raises what is a defect: any other error, or slowness that is no accident."""
        taken, accepted = _timed(target, value)
        if taken > SLOWEST_SECONDS:
            taken = min(taken, _timed(target, value)[0])
        self.inputs += 1
        self.accepted += accepted
        self.seconds += taken
        self.slowest = max(self.slowest, taken)
        assert taken <= SLOWEST_SECONDS, f"{target.name}: {taken:.2f} s"


def fuzz(target: Target, inputs: int, *, start: int = 0, before_batch: Callable[[], object] = lambda: None) -> Outcome:
    """Gives the target at least so many inputs, the same ones for the same `start`."""
    outcome = Outcome(target.name)
    while outcome.inputs < inputs:
        before_batch()

        @seed(start + outcome.inputs)
        @settings(_SETTINGS, max_examples=min(BATCH, inputs - outcome.inputs))
        @given(target.inputs)
        def batch(value: object) -> None:
            outcome.take(target, value)

        batch()
    return outcome


def _timed(target: Target, value: object) -> tuple[float, bool]:
    """How long one input took, and whether it was accepted; a refusal can be told to whoever sent it."""
    accepted, began = True, perf_counter()
    try:
        target.read(value)
    except PlaygroundError as error:
        accepted = False
        to_json(problem_of(error))
    return perf_counter() - began, accepted
