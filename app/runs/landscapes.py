"""Draws loss landscapes in the background, point by point, on a copy of the run's state."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from app.data.streams import stream
from app.engine.elsewhere import LossElsewhere
from app.engine.program import Program
from app.engine.trainer import finite
from app.errors import LimitReached, PlaygroundError
from app.probes.landscape import outwards, places, random_plane
from app.probes.plane import grid_inputs
from app.runs.background import Background, Work
from app.runs.limits import Limits
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.schemas.landscape import Landscape, LandscapeRequest


class _Drawing(Work):
    """One landscape. Any thread may look at its document."""

    title = "drawing a loss landscape"

    def __init__(self, run: Run, wanted: LandscapeRequest, is_wanted: Callable[["_Drawing"], bool]) -> None:
        self.run_id = run.id
        self.visitor = run.visitor
        self.of = (run.revision, run.trainer.step, wanted)
        """What tells it from others of the run."""
        self.problem: PlaygroundError | None = None
        """Why it is not gone on with."""
        self._wanted = wanted
        self._is_wanted = is_wanted
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

    @property
    def over(self) -> bool:
        """Whether it is whole, has failed, or is not wanted any more."""
        return self.complete or self.problem is not None or not self._is_wanted(self)

    def go_on(self) -> bool:
        """One point more; the first time, what all of them need."""
        next(self._points, None)
        return True

    def fail(self, problem: PlaygroundError) -> None:
        """Keeps what is told instead of it."""
        self.problem = problem

    def spent(self, words: str) -> None:
        """It ends with what is drawn, since it shows a moment that has passed."""
        self.problem = LimitReached(words)

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

    def __init__(self, scheduler: Scheduler, limits: Limits, background: Background) -> None:
        self._scheduler = scheduler
        self._limits = limits
        self._background = background
        self._last: dict[str, _Drawing] = {}
        """By the id of the run. Written by the scheduler's thread."""

    def draw(self, run: Run, wanted: LandscapeRequest) -> Landscape:
        """Begins the landscape around a run as it now is, in place of its last, unless that is the same one.

        Called in the scheduler's thread. Raises LimitReached.
        """
        self._last = {run_id: last for run_id, last in self._last.items() if run_id in self._scheduler.runs}
        drawing, last = _Drawing(run, wanted, self._is_wanted), self._last.get(run.id)
        if last is not None and last.of == drawing.of and last.problem is None:
            return last.document()
        others = [other for other in self._last.values() if other is not last]
        self._limits.admit_landscape(run.visitor, _drawn_for(run.visitor, others))
        self._last[run.id] = drawing
        self._background.add(drawing)
        return drawing.document()

    def last(self, run_id: str) -> Landscape | None:
        """The landscape that was last asked for, as far as it is drawn. Raises what has ended it."""
        drawing = self._last.get(run_id)
        return None if drawing is None else drawing.document()

    def _is_wanted(self, drawing: _Drawing) -> bool:
        """Whether nothing has taken its place, and its run is still here."""
        return self._last.get(drawing.run_id) is drawing and drawing.run_id in self._scheduler.runs


def _drawn_for(visitor: str, drawings: Sequence[_Drawing]) -> int:
    """How many of these are being drawn for a visitor."""
    return sum(1 for drawing in drawings if drawing.visitor == visitor and not (drawing.complete or drawing.problem))
