"""Looks at runs for those who watch: decides when a frame is due, observes once, and publishes its parts.

Called by the scheduler's thread; for a heavy run that is away by the one that has it (app.runs.aside).
"""

from collections import Counter
from collections.abc import Callable
from time import monotonic, perf_counter
from typing import NamedTuple

import numpy as np

from app.engine.history import History
from app.families.base import Observation
from app.runs.look import LASTING, NEED_PROGRAM, PICTURES, SLIGHT, Look
from app.runs.rhythm import FRAME_SECONDS, Metronome, Rhythm
from app.runs.run import Run
from app.runs.seen import Seen
from app.schemas.finding import Diagnosis
from app.schemas.frame import FramePart
from app.schemas.run import RunDocument

_PASSING = frozenset({"origin", "step", "epoch", "kept_epochs"})
"""What a status tells as it is just then, and what is no reason to tell it again."""
_DIAGNOSIS_FRAMES = 20
"""What stands out in a run that trains is looked for once in the time of so many frames: it changes slowly."""
_DIAGNOSIS: frozenset[FramePart] = frozenset({"diagnosis"})


class Looked(NamedTuple):
    """What a look at a run has brought."""

    at: tuple[int, int, int]
    """Revision, step, and the picture that was looked into."""
    observation: Observation
    sums: np.ndarray
    seconds: float


class Observer:
    """See the module."""

    def __init__(self) -> None:
        self.metronome = Metronome()
        self.frames = 0
        """Frames published so far."""
        self.shed = 0.0
        """Frames left out so far because many runs are watched."""
        self.probed: Counter[FramePart] = Counter()
        """How often each part was computed: what nobody looks at costs nothing."""

    def document(self, run: Run) -> RunDocument:
        """The run as it stands now, with exact metrics."""
        self.see(run)
        return run.document()

    def see(self, run: Run) -> None:
        """Brings what is known of the run up to its present step."""
        if run.program.observe is None:
            if not _is_current(run):
                run.seen = Seen(run.revision, run.trainer.step, run.trainer.epoch)
        elif not self.knows(run):
            self._observe(run)

    def knows(self, run: Run) -> bool:
        """Whether all is known of the run that can be, as it stands: of a heavy one also what frames are made of."""
        if run.program.observe is None:
            return True
        return _at_hand(run) is not None if self._keeps(run) else _is_current(run) and run.seen.metrics is not None

    def frames_look(self, run: Run) -> bool:
        """Whether frames of the run are made of what is seen, for somebody who watches it."""
        return not NEED_PROGRAM.isdisjoint(run.channel.wanted() & run.trainer.family.probes)

    def _keeps(self, run: Run) -> bool:
        """Whether its frames are made of what was seen aside."""
        return run.heavy and self.frames_look(run)

    def diagnosis(self, run: Run) -> Diagnosis:
        """What stands out in the run as it stands now. Raises Conflict where its network could not be compiled."""
        self.see(run)
        return Look(run, self._observe).diagnosis

    def tell(self, run: Run) -> None:
        """Publishes the status where it changed."""
        status = {
            "run": run.id,
            "revision": run.revision,
            "origin": run.origin,
            "status": run.status,
            "message": run.message(),
            "step": run.trainer.step,
            "epoch": run.trainer.epoch,
            "speed": run.speed,
            "queue_place": run.place or None,
            "playing": run.playing,
            "passed": run.passed,
            "kept_epochs": run.timeline.epochs,
            "undo": run.changes.undo_words,
            "redo": run.changes.redo_words,
        }
        told = tuple(value for key, value in status.items() if key not in _PASSING)
        if told != run.told:
            run.told = told
            run.channel.publish_status(status)
            troubled = run.status in ("diverged", "failed")
            run.channel.publish_problem(_problem(run) if troubled else None)

    def show(self, run: Run, rhythm: Rhythm | None = None) -> None:
        """Publishes a frame if somebody looks, it would tell something new, and it is due in that rhythm.

        What does not train is due at once, and so is everything where there is no rhythm.
        """
        self.tell(run)
        channel = run.channel
        if not channel.listeners:
            return
        wanted = channel.wanted() & run.trainer.family.probes
        complete = channel.frame.parts.keys() >= wanted - {"points"}
        present = (run.revision, run.trainer.step, run.status, run.program.observe is not None, run.picture)
        if complete and present == run.shown:
            return
        began = monotonic()
        at_once = rhythm is None or not complete or run.status != "running"
        interval, pictures, _ = rhythm or Rhythm()
        if at_once or began - run.last_frame >= interval:
            sketch = not at_once and began - run.last_pictures < pictures
            left_out = wanted - SLIGHT if sketch else _not_due(run, interval)
            self._publish(run, wanted, left_out)
            self.metronome.note(monotonic() - began, sketch=sketch)
            self.shed += interval / FRAME_SECONDS - 1
            # A frame that came late does not put off those after it.
            run.shown, run.last_frame = present, max(run.last_frame + interval, began - interval / 2)
            run.last_pictures = run.last_pictures if sketch else began

    def _publish(self, run: Run, wanted: frozenset[FramePart], left_out: frozenset[FramePart]) -> None:
        trainer, old = run.trainer, run.channel.frame
        if not trainer.history.rows:
            self.see(run)
        due = (wanted & PICTURES) - left_out
        if run.program.observe is None:
            due -= NEED_PROGRAM
        if old.origin == run.origin and old.parts.keys() >= LASTING:
            due -= LASTING
        look = Look(run, self._observe)
        parts: dict[FramePart, object] = {name: look.part(name) for name in sorted(due)}
        self.probed.update(parts.keys())
        if "diagnosis" in parts:
            run.diagnosed = monotonic()
        header = {
            "run": run.id,
            "revision": run.revision,
            "origin": run.origin,
            "status": run.status,
            "playing": run.playing,
            "step": trainer.step,
            "epoch": trainer.epoch,
        }
        history = History(trainer.history.columns, list(trainer.history.rows))
        run.channel.publish_frame(header, parts, run.origin, history, LASTING | left_out)
        self.frames += 1

    def look(self, run: Run) -> Callable[[], Looked]:
        """What is to be done to see the run as it stands now; in any thread, and later, too."""
        at, observe = _moment(run), run.trainer.look(run.program, run.picture)

        def look() -> Looked:
            began = perf_counter()
            observation = observe()
            return Looked(at, observation, np.asarray(observation.sums), perf_counter() - began)

        return look

    def note(self, run: Run, looked: Looked) -> None:
        """Makes that what is known of the run, unless it has changed since."""
        if looked.at != _moment(run):
            return
        trainer, (revision, step, picture) = run.trainer, looked.at
        trainer.record_start(looked.sums)
        run.seen = Seen(
            revision,
            step,
            trainer.epoch,
            trainer.metrics(looked.sums),
            trainer.family.sketch(looked.observation),
            picture,
            looked.observation if self._keeps(run) else None,
            looked.seconds,
        )

    def _observe(self, run: Run) -> Observation:
        at_hand = _at_hand(run)
        if at_hand is not None:
            return at_hand
        looked = self.look(run)()
        self.note(run, looked)
        return looked.observation


def _at_hand(run: Run) -> Observation | None:
    """What was seen of the run as it stands, where that was kept."""
    seen = run.seen
    return seen.observation if (seen.revision, seen.step, seen.picture) == _moment(run) else None


def _is_current(run: Run) -> bool:
    """Whether the run was seen as it stands."""
    return (run.seen.revision, run.seen.step) == (run.revision, run.trainer.step)


def _moment(run: Run) -> tuple[int, int, int]:
    """Revision, step, and the picture that is looked into."""
    return run.revision, run.trainer.step, run.picture


def _not_due(run: Run, interval: float) -> frozenset[FramePart]:
    """What need not be looked for again yet in a run that trains on."""
    known = run.channel.frame.origin == run.origin and "diagnosis" in run.channel.frame.parts
    recent = monotonic() - run.diagnosed < _DIAGNOSIS_FRAMES * interval
    return _DIAGNOSIS if known and recent and run.status == "running" else frozenset()


def _problem(run: Run) -> dict[str, object]:
    """What went wrong, with the members of RFC 9457."""
    diverged = run.status == "diverged"
    return {
        "run": run.id,
        "type": f"/problems/{run.status}",
        "title": "Training diverged" if diverged else "The run failed",
        "status": 200 if diverged else 500,
        "detail": run.message(),
        "errors": [],
    }
