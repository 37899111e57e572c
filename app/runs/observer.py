"""Looks at runs for those who watch: decides when a frame is due, observes once, and publishes its parts.

Called by the scheduler's thread only.
"""

from collections import Counter
from time import monotonic

import numpy as np

from app.engine.history import History
from app.engine.observe import Observation
from app.probes.plane import grid_inputs
from app.probes.thumbnail import small_plane
from app.runs.look import LASTING, NEED_PROGRAM, PICTURES, Look
from app.runs.run import Run, Seen
from app.schemas.finding import Diagnosis
from app.schemas.frame import FramePart
from app.schemas.run import RunDocument

FRAME_SECONDS = 1 / 20
SLOWEST_FRAME_SECONDS = 0.18
_SHARE = 0.4
"""The share of time that observing may take while runs train; frames become rarer before training does."""
_SKETCHES = 2
"""Where so many are watched that their frames come no more often than that, as many leave out what costs most."""
_LEAST_TRAINING = 0.25
"""Where frames take longer than that, training still gets this share of what they take, and they come later."""

_DIAGNOSIS_FRAMES = 20
"""What stands out in a run that trains is looked for once in the time of so many frames: it changes slowly."""
_DIAGNOSIS: frozenset[FramePart] = frozenset({"diagnosis"})


class Observer:
    """See the module."""

    def __init__(self) -> None:
        self._cost = 0.002
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
        trainer = run.trainer
        current = (run.seen.revision, run.seen.step) == (run.revision, trainer.step)
        if current and (run.seen.metrics is not None or run.program.observe is None):
            return
        if run.program.observe is None:
            run.seen = Seen(run.revision, trainer.step, trainer.epoch)
            return
        self._observe(run)

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
            "undo": run.changes.undo_words,
            "redo": run.changes.redo_words,
        }
        told = tuple(value for key, value in status.items() if key not in ("origin", "step", "epoch"))
        if told != run.told:
            run.told = told
            run.channel.publish_status(status)
            troubled = run.status in ("diverged", "failed")
            run.channel.publish_problem(_problem(run) if troubled else None)

    def interval(self, watched: int) -> float:
        """The time between two frames of a run where so many train under somebody's eyes."""
        return min(SLOWEST_FRAME_SECONDS, max(FRAME_SECONDS, self._cost * watched / _SHARE))

    def leisure(self, watched: int) -> float:
        """How much of that time is left for training."""
        observing = self._cost * watched
        return max(_LEAST_TRAINING * observing, self.interval(watched) - observing)

    def show(self, run: Run, *, now: bool = False, interval: float = FRAME_SECONDS) -> None:
        """Publishes a frame if somebody looks, it would tell something new, and it is due; or at once where `now`.

        Of a run that trains a frame is due every `interval`; what does not train is due at once.
        """
        self.tell(run)
        channel = run.channel
        if not channel.listeners:
            return
        wanted = channel.wanted() & run.trainer.family.probes
        complete = channel.frame.parts.keys() >= wanted - {"points"}
        present = (run.revision, run.trainer.step, run.status, run.program.observe is not None)
        if complete and present == run.shown:
            return
        began = monotonic()
        if now or not complete or run.status != "running" or began - run.last_frame >= interval:
            sketch = interval >= SLOWEST_FRAME_SECONDS and not now and complete and run.sketches < _SKETCHES
            run.sketches = run.sketches + 1 if sketch else 0
            left_out = wanted & NEED_PROGRAM if sketch else frozenset[FramePart]()
            self._publish(run, wanted, left_out | _not_due(run, interval))
            self._cost += 0.05 * (monotonic() - began - self._cost)
            self.shed += interval / FRAME_SECONDS - 1
            # A frame that came late does not put off those after it.
            run.shown, run.last_frame = present, max(run.last_frame + interval, began - interval / 2)

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

    def _observe(self, run: Run) -> Observation:
        trainer = run.trainer
        observation = trainer.observe(run.program, grid_inputs(trainer.family, trainer.setup))
        sums = np.asarray(observation.sums)
        trainer.record_start(sums)
        plane = small_plane(np.asarray(observation.outputs))
        run.seen = Seen(run.revision, trainer.step, trainer.epoch, trainer.metrics(sums), plane)
        return observation


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
