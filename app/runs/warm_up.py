"""Makes the networks that visitors are most likely to ask for, before they do.

Compiling them takes a minute or more, and would take the processors and Python's lock from those who are here already.
So a process of its own does it (app.runs.warm_up_process) and keeps them on disk, from where they are fetched.
"""

from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen
from threading import Event, Thread

from app.engine.program import Program
from app.engine.setup import NoUploads, build_setup
from app.families.base import Setup
from app.families.registry import family_of
from app.processes import begin
from app.runs.compiler import Compiler
from app.schemas.data import Iris, Plane
from app.schemas.experiment import FAMILY_NAMES, Experiment, PlaneExperiment, default_experiment
from app.schemas.network import DenseLayer, DenseNetwork

_DEPTHS = (2, 1, 3, 0, 4, 5, 6)
_POLL_SECONDS = 0.5


class WarmUp:
    """See the module. The very first of the networks is compiled here: the server is ready once it is."""

    def __init__(self, cache: Path, compiler: Compiler) -> None:
        self._cache = cache
        self._compiler = compiler
        self._ending = Event()
        self._process: Popen[bytes] | None = None
        self._default: Program | None = None

    @property
    def done(self) -> bool:
        """Whether the default network can be trained at once, where that was asked for."""
        return self._default is None or self._default.advance is not None

    def start(self) -> None:
        """Begins."""
        experiments = list(common_experiments())
        self._default = self._compiler.program(build_setup(experiments[0], NoUploads()))
        Thread(target=self._work, args=(experiments[1:],), name="warm-up", daemon=True).start()

    def stop(self) -> None:
        """Ends the process, too."""
        self._ending.set()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _work(self, experiments: list[Experiment]) -> None:
        setups = [build_setup(experiment, NoUploads()) for experiment in experiments]
        missing = [each for each, setup in zip(experiments, setups, strict=True) if not _is_kept(setup)]
        if missing and not self._ending.is_set():
            documents = [experiment.model_dump_json() for experiment in missing]
            self._process = begin("app.runs.warm_up_process", str(self._cache), *documents)
        for setup in setups:
            while self._process and self._process.poll() is None and not _is_kept(setup):
                if self._ending.wait(_POLL_SECONDS):
                    return
            # Where the process has failed, it is compiled here after all.
            self._compiler.program(setup, urgent=False)


def common_experiments() -> Iterator[Experiment]:
    """The default of each family first, then other depths, the larger data of regression, and more than two classes.

    Real data stands for the latter, so that scikit-learn, which takes seconds to import, is there when it is asked for.
    """
    for family in FAMILY_NAMES:
        yield default_experiment(family)
    for depth in _DEPTHS:
        yield PlaneExperiment(network=_network(depth))
    for data in (Iris(), Plane()):
        for depth in _DEPTHS[:3]:
            yield PlaneExperiment(data=data, network=_network(depth))


def _network(depth: int) -> DenseNetwork:
    return DenseNetwork(layers=tuple(DenseLayer(units=4) for _ in range(depth)))


def _is_kept(setup: Setup) -> bool:
    return Program(family_of(setup.experiment.family), setup).kept
