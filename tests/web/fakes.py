"""A service of runs that do not train: what the routes need, without threads and without JAX programs."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from secrets import token_hex
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from app.data.dataset import Prepared
from app.engine.history import History, Row
from app.engine.setup import NoUploads, build_setup
from app.errors import Conflict, NotFound, PlaygroundError
from app.families.base import Responses, Setup
from app.families.registry import family_of
from app.runs.figures import Figures
from app.schemas.command import Command, Pause, Play, Speed, Step
from app.schemas.experiment import Experiment
from app.schemas.finding import Diagnosis, Finding, Repair
from app.schemas.landscape import Landscape, LandscapeRequest
from app.schemas.patch import apply_patch
from app.schemas.run import Journal, PatchedRun, RunDocument
from app.schemas.sweep import SweepDocument
from app.storage.records import PutRun
from app.storage.store import Store
from tests.web.fake_collection import FakeCollection

Result = TypeVar("Result")


class FakeSubscription:
    """Two events, then silence until it is closed."""

    def __init__(self, run_ids: Sequence[str], parts: frozenset[str], last_event_id: str, *, gzip: bool) -> None:
        self.asked = (tuple(run_ids), parts, last_event_id)
        self.gzip = gzip
        self.closed = False

    async def events(self) -> AsyncGenerator[bytes]:
        try:
            yield b"event: status\ndata: {}\n\n"
            yield b"event: frame\nid: 1\ndata: {}\n\n"
            await asyncio.Event().wait()
        finally:
            self.closed = True


class FakeSweeps:
    """There are none."""

    def list(self, visitor: str) -> list[SweepDocument]:
        return []


class FakeService:
    """Runs as documents. `trouble`, where set, is raised by every call."""

    def __init__(self, store: Store) -> None:
        self.ready = True
        self.started = False
        self.trouble: Exception | None = None
        self.pending: Future[RunDocument] | None = None
        self.subscriptions: list[FakeSubscription] = []
        self.store = store
        self._visitors: dict[str, str] = {}
        self._runs: dict[str, RunDocument] = {}
        self.landscapes: dict[str, Landscape | None] = {}
        """Those of some runs; all others have a whole one."""
        self._ids = itertools.count(1)
        self.collection = FakeCollection(store, self._get)
        self.sweeps = FakeSweeps()

    def start(self) -> None:
        self.started = True

    def figures(self) -> Figures:
        return Figures(
            statuses=Counter(run.status for run in self._runs.values()),
            steps=1_000,
            lags=(5, 3, 0, 0, 0, 1),
            lag_seconds=2.5,
            frames=20,
            shed=7.5,
            compiles=3,
            compile_seconds=4.5,
            compiles_waiting=2,
            storage_seconds=0.5,
        )

    def stop(self) -> None:
        self.started = False

    def create(
        self,
        experiment: Experiment,
        *,
        visitor: str,
        play: bool = False,
        speed: float | None = None,
        attended: bool = False,
    ) -> RunDocument:
        if self.trouble:
            raise self.trouble
        run_id = f"run{next(self._ids)}x{token_hex(4)}"
        row = PutRun(run_id, visitor, {}, play, "created", 0, 0, datetime.now(UTC))
        self.store.write([row])
        self._visitors[run_id] = visitor
        run = RunDocument(
            id=run_id,
            status="running" if play else "created",
            message="",
            experiment=experiment,
            resolved=self._resolved(experiment),
            revision=0,
            origin=0,
            step=0,
            epoch=0,
            speed=speed,
            playing=play,
            undo=None,
            redo=None,
            metrics={"train": {"loss": 0.5, "accuracy": 1.0}, "validation": None, "test": None},
            parameters=25,
        )
        self._runs[run_id] = run
        return run

    def owns_awake(self, run_id: str, visitor: str) -> bool:
        return self._visitors.get(run_id) == visitor

    def access(self, run_id: str, visitor: str) -> Literal["owner", "reader"]:
        self._get(run_id)
        if self._visitors[run_id] == visitor:
            return "owner"
        if self.store.is_reader(run_id, visitor):
            return "reader"
        raise self._missing(run_id)

    def copy(self, run_id: str, visitor: str) -> RunDocument:
        return self.create(self._get(run_id).experiment, visitor=visitor)

    def runs(self, visitor: str) -> list[RunDocument]:
        return [run for run in reversed(self._runs.values()) if self._visitors[run.id] == visitor]

    def run(self, run_id: str) -> Future[RunDocument]:
        return _future(lambda: self._get(run_id))

    def seen(self, run_id: str) -> RunDocument:
        return self._get(run_id)

    def patch(self, run_id: str, patch: dict[str, JsonValue], *, together: bool = False) -> Future[PatchedRun]:
        return _future(lambda: self._patched(run_id, patch))

    def open(self, run_id: str, experiment: Experiment, called: str) -> Future[PatchedRun]:
        return _future(lambda: self._opened(run_id, experiment, called))

    def command(self, run_id: str, command: Command) -> Future[RunDocument]:
        return self.pending or _future(lambda: self._commanded(run_id, command))

    def delete(self, run_id: str) -> None:
        self._get(run_id)
        del self._runs[run_id]

    def history(self, run_id: str) -> History:
        self._get(run_id)
        rows: list[Row] = [(0, 0, 0, 0.5, None), (25, 1, 0, 0.25, None)]
        return History(("step", "epoch", "revision", "train_loss", "validation_loss"), rows)

    def journal(self, run_id: str) -> Future[Journal]:
        run = self._get(run_id)
        return _future(lambda: Journal(experiment=run.experiment, entries=(), step=run.step))

    def diagnosis(self, run_id: str) -> Future[Diagnosis]:
        self._get(run_id)
        repair = Repair(label="Step smaller", patch={"training": {"batch_size": 5}}, reset=True)
        finding = Finding(
            code="diverged", layer=1, title="Too far", words="It went too far.", evidence={"step": 7}, repair=repair
        )
        return _future(lambda: Diagnosis(findings=(finding,)))

    def data(self, run_id: str) -> Prepared:
        return build_setup(self._get(run_id).resolved, NoUploads()).prepared

    def answers(self, run_id: str) -> Future[tuple[Setup, Responses]]:
        setup = build_setup(self._get(run_id).resolved, NoUploads())
        return _future(lambda: (setup, Responses(setup.prepared.targets, [], [])))

    def parameters(self, run_id: str) -> Future[dict[str, NDArray[np.float32]]]:
        self._get(run_id)
        tensors = {"layers.0.weight": np.ones((2, 1), np.float32), "layers.0.bias": np.zeros(1, np.float32)}
        return _future(lambda: tensors)

    def predict(self, run_id: str, inputs: NDArray[np.float64]) -> Future[NDArray[np.float32]]:
        self._get(run_id)
        with np.errstate(over="ignore"):
            outputs = inputs.sum(axis=1, keepdims=True).astype(np.float32)
        return _future(lambda: outputs)

    def draw_landscape(self, run_id: str, wanted: LandscapeRequest) -> Future[Landscape]:
        self._get(run_id)
        self.landscapes[run_id] = _landscape(wanted, done=1)
        return _future(lambda: _landscape(wanted, done=1))

    def landscape(self, run_id: str) -> Landscape | None:
        self._get(run_id)
        return self.landscapes.get(run_id, _landscape(LandscapeRequest(side=3), done=9))

    def subscribe(
        self,
        run_ids: Sequence[str],
        parts: frozenset[str],
        last_event_id: str,
        *,
        gzip: bool = False,
        watcher: str = "",
    ) -> FakeSubscription:
        for run_id in run_ids:
            self._get(run_id)
        subscription = FakeSubscription(run_ids, parts, last_event_id, gzip=gzip)
        self.subscriptions.append(subscription)
        return subscription

    def _get(self, run_id: str) -> RunDocument:
        if self.trouble:
            raise self.trouble
        if run_id not in self._runs:
            raise self._missing(run_id)
        return self._runs[run_id]

    def _missing(self, run_id: str) -> NotFound:
        return NotFound(f"There is no run {run_id!r}.")

    def _resolved(self, given: Experiment) -> Experiment:
        setup = build_setup(given, NoUploads())
        family_of(given.family).graph(setup)  # refuses layers that do not fit
        return setup.experiment

    def _patched(self, run_id: str, patch: dict[str, JsonValue]) -> PatchedRun:
        return self._opened(run_id, apply_patch(self._get(run_id).experiment, patch), "settings")

    def _opened(self, run_id: str, experiment: Experiment, called: str) -> PatchedRun:
        run = self._get(run_id)
        resolved = self._resolved(experiment)
        self._runs[run_id] = run.model_copy(
            update={"experiment": experiment, "resolved": resolved, "revision": run.revision + 1, "undo": called}
        )
        return PatchedRun(**dict(self._runs[run_id]), applied="live")

    def _commanded(self, run_id: str, command: Command) -> RunDocument:
        run = self._get(run_id)
        if run.status == "diverged":
            raise Conflict("The run has diverged.")
        if isinstance(command.root, Step):
            counter = "epoch" if command.root.unit == "epoch" else "step"
            run = run.model_copy(update={counter: getattr(run, counter) + command.root.count})
        if isinstance(command.root, Speed):
            run = run.model_copy(update={"speed": command.root.epochs_per_second})
        if isinstance(command.root, Play | Pause):
            run = run.model_copy(update={"playing": isinstance(command.root, Play)})
        self._runs[run_id] = run
        return run


def _landscape(wanted: LandscapeRequest, *, done: int) -> Landscape:
    side = wanted.side
    axis = tuple(float(place - side // 2) for place in range(side))
    losses = ((0.25,) * side,) * side
    return Landscape(
        revision=0,
        step=0,
        epoch=0,
        directions=wanted.directions,
        seed=wanted.seed,
        x=axis,
        y=axis,
        loss=losses,
        centre=0.25,
        path=(),
        shares=None,
        done=done,
        total=side**2,
    )


def _future(compute: Callable[[], Result]) -> Future[Result]:
    future: Future[Result] = Future()
    try:
        future.set_result(compute())
    except PlaygroundError as error:
        future.set_exception(error)
    return future
