"""Makes the networks that visitors are most likely to ask for, before they do.

Compiling them takes a minute or more, and would take the processors and Python's lock from those who are here already.
So a process of its own does it (app.runs.warm_up_process) and keeps them on disk, from where they are fetched. It is
halted while somebody waits for another network.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from subprocess import Popen
from threading import Event, Thread

from app.engine.program import Program
from app.engine.setup import NoUploads, build_setup
from app.families.registry import family_of
from app.processes import begin
from app.runs.compiler import Compiler
from app.schemas.data import Iris, Plane
from app.schemas.experiment import FAMILY_NAMES, Experiment, PlaneExperiment, default_experiment
from app.schemas.network import DenseLayer, DenseNetwork

_DEPTHS = (2, 1, 3, 0, 4, 5, 6)
_POLL_SECONDS = 0.05


class WarmUp:
    """See the module. The very first of the networks is compiled here: the server is not ready before."""

    def __init__(self, cache: Path, compiler: Compiler) -> None:
        self._cache = cache
        self._compiler = compiler
        self._ending = Event()
        self._thread = Thread(target=self._work, name="warm-up", daemon=True)
        self._default: Program | None = None
        self._loaded = Event()
        self._halted = False

    @property
    def ready(self) -> bool:
        """Whether the default network can be trained at once and all common data is there, if that was asked for."""
        return self._default is None or (self._default.advance is not None and self._loaded.is_set())

    def start(self) -> None:
        """Begins."""
        self._default = self._compiler.program(build_setup(next(common_experiments()), NoUploads()))
        self._thread.start()

    def stop(self) -> None:
        """Ends it, and waits for that."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        _, *experiments = common_experiments()
        setups = [build_setup(experiment, NoUploads()) for experiment in experiments]
        self._loaded.set()
        process: Popen[bytes] | None = None
        for index, setup in enumerate(setups):
            program = Program(family_of(setup.experiment.family), setup)
            if process is None and not program.kept and not self._ending.is_set():
                documents = [each.model_dump_json() for each in experiments[index:]]
                process = begin("app.runs.warm_up_process", str(os.getpid()), str(self._cache), *documents)
            while process and not program.kept and self._runs(process):
                pass
            if self._ending.is_set():
                break
            # Where the process has failed, it is compiled here after all.
            self._compiler.program(setup, urgent=False)
        while process and self._runs(process):
            pass
        if process:
            process.kill()
            process.wait()

    def _runs(self, process: "Popen[bytes]") -> bool:
        """Whether the process still has something to do, a moment from now."""
        if self._halted != self._compiler.awaited:
            self._halted = not self._halted
            process.send_signal(SIGSTOP if self._halted else SIGCONT)
        return process.poll() is None and not self._ending.wait(_POLL_SECONDS)


def common_experiments() -> Iterator[Experiment]:
    """The default of each family first, then other depths, more than two classes, and the larger data of regression."""
    for family in FAMILY_NAMES:
        yield default_experiment(family)
    for depth in _DEPTHS:
        yield PlaneExperiment(network=_network(depth))
    for data in (Iris(), Plane()):
        for depth in _DEPTHS[:3]:
            yield PlaneExperiment(data=data, network=_network(depth))


def _network(depth: int) -> DenseNetwork:
    return DenseNetwork(layers=tuple(DenseLayer(units=4) for _ in range(depth)))
