"""Draws loss landscapes in the background: a few points of each in turn, on a copy of the run's state.

One thread does it, and rests after each point for as long as that took, so that runs and their frames are not held up.
"""

import logging
from collections.abc import Iterator, Sequence
from queue import SimpleQueue
from threading import Thread
from time import perf_counter, sleep

import numpy as np

from app.data.streams import stream
from app.engine.elsewhere import LossElsewhere
from app.engine.program import Program
from app.engine.trainer import finite
from app.errors import ComputationFailed, LimitReached, PlaygroundError
from app.probes.landscape import outwards, places, random_plane
from app.probes.plane import grid_inputs
from app.runs.limits import Limits
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.schemas.landscape import Landscape, LandscapeRequest

_TURN_SECONDS = 0.02
_logger = logging.getLogger(__name__)


class _Drawing:
    """One landscape. The thread that draws goes on with it, others may look at its document."""

    def __init__(self, run: Run, wanted: LandscapeRequest) -> None:
        self.run_id = run.id
        self.visitor = run.visitor
        self.of = (run.revision, run.trainer.step, wanted)
        """What tells it from others of the run."""
        self.problem: PlaygroundError | None = None
        """Why it is not gone on with."""
        self._wanted = wanted
        self._revision = run.revision
        self._moment = run.trainer.checkpoint()
        self._places = places(wanted.side, wanted.span)
        self._losses = np.full((wanted.side, wanted.side), np.nan)
        self._done = 0
        self._points = self._draw(run.program)

    @property
    def complete(self) -> bool:
        """Whether all of it is known."""
        return self._done == self._losses.size

    def go_on(self) -> None:
        """One point more; the first time, what all of them need."""
        next(self._points, None)

    def document(self) -> Landscape:
        """As far as it is drawn. Raises what has ended it."""
        if self.problem is not None:
            raise self.problem
        done = self._done  # before the losses are read, of which more may be known by then
        axis, losses = tuple(self._places.tolist()), self._losses.tolist()
        return Landscape(
            revision=self._revision,
            step=self._moment.step,
            epoch=self._moment.epoch,
            seed=self._wanted.seed,
            x=axis,
            y=axis,
            loss=tuple(tuple(map(finite, row)) for row in losses),
            centre=finite(losses[len(axis) // 2][len(axis) // 2]),
            done=done,
            total=self._losses.size,
        )

    def _draw(self, program: Program) -> Iterator[None]:
        """What it needs is freed at its end."""
        setup, state = self._moment.setup, self._moment.state
        loss = LossElsewhere(program, self._moment, grid_inputs(program.family, setup))
        plane = random_plane(program.family.tensors(setup, state.learner), stream(self._wanted.seed, "landscape"))
        for row, column in outwards(self._wanted.side):
            yield
            self._losses[row, column] = loss(plane.at(self._places[column], self._places[row]))
            self._done += 1


class Landscapes:
    """See the module. Of each run the last that was asked for is kept while the run is awake."""

    def __init__(self, scheduler: Scheduler, limits: Limits) -> None:
        self._scheduler = scheduler
        self._limits = limits
        self._last: dict[str, _Drawing] = {}
        """By the id of the run. Written by the scheduler's thread."""
        self._queue: SimpleQueue[_Drawing | None] = SimpleQueue()
        self._stopping = False
        # No daemon: Python's end waits for it, since it would abort the process while it is inside XLA.
        self._thread = Thread(target=self._work, name="landscapes")

    def start(self) -> None:
        """Begins to work."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread after the present point; does not wait. Must be called once it was started."""
        self._stopping = True
        self._queue.put(None)

    def draw(self, run: Run, wanted: LandscapeRequest) -> Landscape:
        """Begins the landscape around a run as it now is, in place of its last, unless that is the same one.

        Called in the scheduler's thread. Raises LimitReached.
        """
        self._last = {run_id: last for run_id, last in self._last.items() if run_id in self._scheduler.runs}
        drawing, last = _Drawing(run, wanted), self._last.get(run.id)
        if last is not None and last.of == drawing.of and last.problem is None:
            return last.document()
        others = [other for other in self._last.values() if other is not last]
        self._limits.admit_landscape(run.visitor, _drawn_for(run.visitor, others))
        self._last[run.id] = drawing
        self._queue.put(drawing)
        return drawing.document()

    def last(self, run_id: str) -> Landscape | None:
        """The landscape that was last asked for, as far as it is drawn. Raises what has ended it."""
        drawing = self._last.get(run_id)
        return None if drawing is None else drawing.document()

    def _work(self) -> None:
        while not self._stopping and (drawing := self._queue.get()) is not None:
            self._attempt(drawing)
            if self._wanted(drawing):
                self._queue.put(drawing)

    def _wanted(self, drawing: _Drawing) -> bool:
        """Whether it is to be gone on with: nothing has taken its place, and its run is still here."""
        last = self._last.get(drawing.run_id) is drawing and drawing.run_id in self._scheduler.runs
        return last and drawing.problem is None and not drawing.complete

    def _attempt(self, drawing: _Drawing) -> None:
        """Whatever fails in one drawing must not end the thread that all share."""
        try:
            self._turn(drawing)
        except PlaygroundError as error:
            drawing.problem = error
        except Exception as error:
            _logger.exception("drawing the landscape of run %s failed", drawing.run_id)
            drawing.problem = ComputationFailed(f"The server failed while drawing: {type(error).__name__}.")

    def _turn(self, drawing: _Drawing) -> None:
        """As many points as fit into a turn, but one at least; the visitor pays for them. Raises LimitReached."""
        spent = 0.0
        while spent < _TURN_SECONDS and self._wanted(drawing) and not self._stopping:
            began = perf_counter()
            drawing.go_on()
            seconds = perf_counter() - began
            spent += seconds
            sleep(seconds)
        visitor = drawing.visitor
        may_go_on = self._scheduler.submit(lambda: self._limits.used(visitor, spent)).result()
        if not may_go_on and not drawing.complete:
            raise LimitReached(self._limits.spent_words(visitor))


def _drawn_for(visitor: str, drawings: Sequence[_Drawing]) -> int:
    """How many of these are being drawn for a visitor."""
    return sum(1 for drawing in drawings if drawing.visitor == visitor and not (drawing.complete or drawing.problem))
