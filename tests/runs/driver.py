"""How the tests speak to a service of runs: documents in JSON's types, answers waited for."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

import numpy as np

from app.errors import NotFound
from app.runs.run import Run
from app.runs.service import RunService
from app.schemas.command import Command
from app.schemas.document import parse_value
from app.schemas.experiment import read_experiment
from app.schemas.run import PatchedRun, RunDocument

PATIENCE_SECONDS = 60.0
# Compiles in a moment: no hidden layer.
SMALLEST: Mapping[str, Any] = {"network": {"layers": []}}
VISITOR = "somebody"
TWO_LAYERS: Mapping[str, Any] = {"network": {"layers": [{"units": 4}, {"units": 2}]}}


class Driver:
    """One service."""

    def __init__(self, service: RunService) -> None:
        self.service = service

    def create(
        self,
        experiment: Mapping[str, Any] = SMALLEST,
        *,
        play: bool = False,
        speed: float | None = None,
        attended: bool = False,
    ) -> RunDocument:
        """A new run."""
        return self.service.create(
            read_experiment(experiment), visitor=VISITOR, play=play, speed=speed, attended=attended
        )

    def compiled(
        self, experiment: Mapping[str, Any] = SMALLEST, *, speed: float | None = None, attended: bool = False
    ) -> RunDocument:
        """A new run that need not wait for a compile."""
        run = self.create(experiment, speed=speed, attended=attended)
        return self.until(run.id, lambda run: run.status != "compiling")

    def tell(self, run_id: str, kind: str, **fields: object) -> RunDocument:
        """A command, when it is done."""
        return self.begin(run_id, kind, **fields).result(PATIENCE_SECONDS)

    def begin(self, run_id: str, kind: str, **fields: object) -> "Future[RunDocument]":
        """A command, not waited for."""
        return self.service.command(run_id, parse_value(Command, {"type": kind, **fields}))

    def patch(self, run_id: str, patch: dict[str, Any]) -> PatchedRun:
        """A merge patch, when it is applied."""
        return self.service.patch(run_id, patch).result(PATIENCE_SECONDS)

    def look(self, run_id: str) -> RunDocument:
        """The run as it stands now."""
        return self.service.run(run_id).result(PATIENCE_SECONDS)

    def until(self, run_id: str, condition: Callable[[RunDocument], bool]) -> RunDocument:
        """The run, once the condition holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition(run := self.look(run_id)):
            assert time.monotonic() < deadline, run
            time.sleep(0.01)
        return run

    def play_until(self, run_id: str, **until: int) -> RunDocument:
        """Plays to an epoch or step."""
        self.tell(run_id, "play", until=until)
        return self.until(run_id, lambda run: run.status != "running")

    def parameters(self, run_id: str) -> dict[str, bytes]:
        """Weights and biases, bit for bit."""
        tensors = self.service.parameters(run_id).result(PATIENCE_SECONDS)
        return {name: np.ascontiguousarray(tensor).tobytes() for name, tensor in tensors.items()}

    def inside(self, run_id: str) -> Run:
        """The run itself, to count what it costs or to make it fail."""
        return self.service.scheduler.runs[run_id]

    def listed(self, visitor: str = VISITOR) -> list[RunDocument]:
        """A visitor's runs."""
        return [run.document() for run in self.service.collection.listed(visitor)]

    def delete_all(self) -> None:
        """Forgets every run and every sweep."""
        for sweep in self.service.sweeps.list(VISITOR):
            self.service.sweeps.delete(sweep.id, VISITOR)
        for run_id in {*self.service.scheduler.runs, *(run.id for run in self.listed())}:
            try:
                self.service.delete(run_id)
            except NotFound:
                continue
