"""Draws loss landscapes in the background, point by point, on a copy of the run's state."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from app.data.streams import stream
from app.engine.checkpoint import Checkpoint
from app.engine.elsewhere import LossElsewhere
from app.engine.program import Program
from app.engine.trainer import finite
from app.errors import Conflict, LimitReached, PlaygroundError
from app.probes.landscape import Plane, Tensors, outwards, places, random_plane, room, trajectory_plane
from app.runs.background import Background, Work
from app.runs.limits import Limits
from app.runs.run import Run
from app.runs.scheduler import Scheduler
from app.schemas.landscape import Landscape, LandscapeRequest, Passed

_FEWEST_MOMENTS = 3
"""That differ; two of them lie on a line, which has no second direction."""


@dataclass(frozen=True, eq=False)
class _Ground:
    """On what a landscape is drawn: places (columns,) and (rows,) on a plane, and the way on it of which it is."""

    plane: Plane
    x: np.ndarray
    y: np.ndarray
    path: tuple[Passed, ...] = ()
    passed: tuple[Tensors, ...] = ()
    """The parameters at each moment of the path."""
    shares: tuple[float, float] | None = None


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
        ground = _random(run, wanted) if wanted.directions == "random" else _along(run, self._moment, wanted)
        self._x, self._y, self._path, self._shares = ground.x, ground.y, ground.path, ground.shares
        self._order = outwards(ground.x, ground.y)
        self._path_losses = np.full(len(ground.path), np.nan)
        self._losses = np.full((wanted.side, wanted.side), np.nan)
        self._done = 0
        self._total = self._path_losses.size + self._losses.size
        self._points = self._draw(run.program, ground)

    @property
    def complete(self) -> bool:
        """Whether all of it is known."""
        return self._done == self._total

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
        losses, on_path = self._losses.tolist(), self._path_losses.tolist()
        row, column = self._order[0]
        return Landscape(
            revision=self._revision,
            step=self._moment.step,
            epoch=self._moment.epoch,
            directions=self._wanted.directions,
            seed=self._wanted.seed if self._wanted.directions == "random" else None,
            x=tuple(self._x.tolist()),
            y=tuple(self._y.tolist()),
            loss=tuple(tuple(map(finite, row)) for row in losses),
            centre=finite(losses[row][column]),
            path=tuple(
                place.model_copy(update={"loss": finite(loss)}) for place, loss in zip(self._path, on_path, strict=True)
            ),
            shares=self._shares,
            done=done,
            total=self._total,
        )

    def _draw(self, program: Program, ground: _Ground) -> Iterator[None]:
        """What it needs is freed at its end."""
        loss = LossElsewhere(program, self._moment)
        for index, tensors in enumerate(ground.passed):
            yield
            self._path_losses[index] = loss(tensors)
            self._done += 1
        for row, column in self._order:
            yield
            self._losses[row, column] = loss(ground.plane.at(self._x[column], self._y[row]))
            self._done += 1


def _random(run: Run, wanted: LandscapeRequest) -> _Ground:
    axis = places(wanted.side, -wanted.span, wanted.span)
    return _Ground(random_plane(run.trainer.tensors(), stream(wanted.seed, "landscape")), axis, axis)


def _along(run: Run, present: Checkpoint, wanted: LandscapeRequest) -> _Ground:
    """Along the moments that the time line keeps, up to the present one. Raises Conflict where they do not differ."""
    family, kept = run.program.family, [kept.checkpoint for kept in run.timeline.kept if kept.step < present.step]
    moments = [(moment, family.tensors(moment.setup, moment.state.learner)) for moment in (*kept, present)]
    shapes = _shapes(moments[-1][1])
    moments = [(moment, tensors) for moment, tensors in moments if _shapes(tensors) == shapes]
    passed = tuple(tensors for _, tensors in moments)
    if len({b"".join(tensor.tobytes() for tensor in tensors.values()) for tensors in passed}) < _FEWEST_MOMENTS:
        raise Conflict(
            "Its time line keeps fewer than three moments with different weights, so there is no path to draw yet. "
            "Train for some epochs first; if it has learnt all that it can already, begin anew and draw it earlier."
        )
    trajectory = trajectory_plane(passed)
    x, y = (places(wanted.side, low, high) for low, high in room(trajectory.places))
    path = tuple(
        Passed(step=moment.step, epoch=moment.epoch, x=place[0], y=place[1], loss=None)
        for (moment, _), place in zip(moments, trajectory.places.tolist(), strict=True)
    )
    return _Ground(trajectory.plane, x, y, path, passed, trajectory.shares)


def _shapes(tensors: Tensors) -> dict[str, tuple[int, ...]]:
    return {name: tensor.shape for name, tensor in tensors.items()}


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

        Called in the scheduler's thread. Raises LimitReached, and Conflict where there is no path to draw it along.
        """
        self._last = {run_id: last for run_id, last in self._last.items() if run_id in self._scheduler.runs}
        drawing, last = _Drawing(run, wanted, self._is_wanted), self._last.get(run.id)
        if last is not None and last.of == drawing.of and last.problem is None:
            return last.document()
        others = [other for other in self._last.values() if other is not last]
        self._limits.admit_landscape(run.visitor, _drawn_for(run.visitor, others))
        self._last[run.id], begun = drawing, drawing.document()
        self._background.add(drawing)
        return begun

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
