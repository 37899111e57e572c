"""What is asked of the limits before a run is made, trains, or needs a program: counts what a visitor has already."""

from app.engine.program import Program
from app.families.base import Setup
from app.families.registry import family_of
from app.runs.compiler import Compiler, program_key
from app.runs.limits import Limits, Standing
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.storage.store import Store


class Admission:
    """See the module. Safe from any thread."""

    def __init__(self, limits: Limits, scheduler: Scheduler, compiler: Compiler, store: Store) -> None:
        self._limits = limits
        self._scheduler = scheduler
        self._compiler = compiler
        self._store = store

    def run(self, visitor: str, wanted: int = 1) -> None:
        """Before so many runs of a visitor are made. Raises LimitReached."""
        self._limits.admit_run(self._store.count(visitor), wanted)

    def play(self, visitor: str, wanted: int = 1) -> None:
        """Before so many other runs of a visitor train. Raises LimitReached."""
        self._limits.admit_play(visitor, self._playing(visitor), wanted)

    def program(self, setup: Setup, visitor: str) -> Program:
        """What `setup` needs. Raises TooLarge for too large a network, LimitReached where too many wait for theirs."""
        self._limits.admit_network(family_of(setup.experiment.family).graph(setup), len(setup.prepared.inputs))
        if self._compiler.known(program_key(setup)) is None:
            mine = sum(1 for run in self._awake(visitor) if not run.compiled)
            self._limits.admit_compile(mine, self._compiler.waiting)
        return self._compiler.program(setup)

    def standing(self, visitor: str) -> Standing:
        """How far a visitor is from the limits."""
        return self._limits.standing(visitor, runs=self._store.count(visitor), running=self._playing(visitor))

    def _playing(self, visitor: str) -> int:
        return sum(1 for run in self._awake(visitor) if run.playing)

    def _awake(self, visitor: str) -> list[Run]:
        return [run for run in list(self._scheduler.runs.values()) if run.visitor == visitor]
