"""One run: an Experiment being trained, as a small state machine.

    created ──play──▶ queued ──▶ compiling ──▶ running ──▶ paused, finished, diverged, failed

Whether a run wants to train (`playing`) and what keeps it from it (no program yet, no place) are separate facts; its
status follows from them. Only the scheduler's thread touches a run after it was created.
"""

from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from uuid import uuid4

from app.engine.divergence import Divergence
from app.engine.history import History
from app.engine.program import Program
from app.engine.timeline import Kept, Timeline
from app.engine.trainer import Trainer
from app.families.base import Setup
from app.runs.allowance import PACE_SECONDS, Allowance, Claim
from app.runs.channel import Channel
from app.runs.seen import Seen
from app.runs.undo import Mark, Moment, UndoStack
from app.schemas.command import Rewind, Step, Until
from app.schemas.experiment import Experiment
from app.schemas.run import Entry, Journal, RunDocument, Status

HEAVY = 200_000_000
"""Multiplications to see all samples once, on a core of 2020 in some 20 ms: more of them are done aside."""


def new_id() -> str:
    """The id of a run that has none yet."""
    return uuid4().hex[:12]


def stopped_early(epoch: int) -> str:
    """What is said where early stopping has ended training."""
    return f"Stopped early at epoch {epoch}: the validation loss no longer fell."


@dataclass
class Goal:
    """Where playing ends: a step or an epoch, absolute. `single` counts updates with one sample each."""

    epoch: int | None = None
    step: int | None = None
    single: bool = False
    done: "Future[RunDocument] | None" = None
    """Who waits for it."""


@dataclass
class Run:
    """See the module."""

    experiment: Experiment
    """As given and patched; derived defaults stay unset."""
    trainer: Trainer
    program: Program
    speed: float | None
    attended: bool
    """Whether a page made it."""
    visitor: str
    """Whose it is."""
    id: str = field(default_factory=new_id)
    playing: bool = False
    goal: Goal | None = None
    ended: Status = "created"
    """Its status while it does not play."""
    reason: str = ""
    """Why it ended, in words."""
    divergence: Divergence | None = None
    """How training diverged last."""
    diagnosed: float = 0.0
    """When it was last looked at for what stands out."""
    revision: int = 0
    origin: int = 0
    place: int = 0
    """Its place in the queue, counted from 1; 0 while it is not in it."""
    allowance: Allowance = field(default_factory=Allowance)
    claim: Claim = field(default_factory=Claim)
    last_frame: float = 0.0
    """When a frame was due last."""
    last_pictures: float = 0.0
    """When one came that left out nothing."""
    changes: UndoStack = field(default_factory=UndoStack)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    used: float = field(default_factory=monotonic)
    """When somebody last asked for it."""
    kept: float = 0.0
    """When it was last noted to be kept."""
    courtesy_until: float = 0.0
    """Until then it does not train, so that a change is shown first."""
    seen: Seen = field(default_factory=Seen)
    told: tuple[Any, ...] = ()
    """The status that was last published."""
    chosen: int | None = None
    """The row of the sample that somebody wants to see the inside of."""
    shown: tuple[Any, ...] = ()
    """What the frame that was last published is a picture of."""

    def __post_init__(self) -> None:
        self.channel = Channel(self.id)
        self.start = self.experiment
        """What its experiment read at step 0: with the journal and the step, it determines all the rest."""
        self.timeline = Timeline(self.present())

    @classmethod
    def create(
        cls,
        experiment: Experiment,
        setup: Setup,
        program: Program,
        *,
        speed: float | None,
        attended: bool,
        visitor: str,
    ) -> "Run":
        """A run at step 0."""
        return cls(experiment, Trainer(setup), program, speed, attended, visitor)

    @property
    def untouched(self) -> bool:
        """Whether it is as a page has made it, so that nothing is lost with it."""
        return self.attended and self.revision == 0 and self.ended == "created" and not self.playing

    @property
    def compiled(self) -> bool:
        """Whether it could train at once."""
        return self.program.complete

    @property
    def heavy(self) -> bool:
        """Whether a look at it takes so long that others would wait for it."""
        return self.program.work > HEAVY

    @property
    def left(self) -> bool:
        """Whether a page has made it that nobody looks at any more."""
        return self.attended and not self.channel.listeners

    @property
    def awaited(self) -> bool:
        """Whether somebody waits for its goal."""
        return self.goal is not None and self.goal.done is not None

    @property
    def paced(self) -> bool:
        """Whether its speed holds it back; a goal that somebody waits for knows no speed."""
        return self.speed is not None and not self.awaited

    @property
    def status(self) -> Status:
        """Follows from the facts."""
        if self.program.error or self.ended == "failed":
            return "failed"
        if not self.compiled:
            return "compiling"
        if not self.playing:
            return self.ended
        return "queued" if self.place else "running"

    @property
    def passed(self) -> int | None:
        """The last epoch that it has passed, where it looks back; None where it stands there."""
        return None if self.timeline.ahead is None else self.timeline.ahead.epoch

    def message(self) -> str:
        """The status in words."""
        trainer, program = self.trainer, self.program
        match self.status:
            case "created":
                return "Ready. Press Play."
            case "compiling":
                return f"Compiling {program.signature.describe()}. This takes a few seconds, once."
            case "queued":
                return f"Waiting in the queue, place {self.place}."
            case "running":
                return "Training."
            case "paused":
                return self.reason or "Paused."
            case "failed":
                return self.reason or f"The server could not compile this network. Try a smaller one. {program.error}"
            case "diverged" | "finished":
                return self.reason or f"Ended at epoch {trainer.epoch}."

    @property
    def picture(self) -> int:
        """The row of the sample that frames show the inside of: the chosen one, or the first of the test part."""
        counts = self.trainer.setup.prepared.counts
        return min(sum(counts[:2]) if self.chosen is None else self.chosen, sum(counts) - 1)

    def document(self) -> RunDocument:
        """As it was last seen, which is now unless it trains."""
        graph = self.trainer.family.graph(self.trainer.setup)
        return RunDocument(
            id=self.id,
            status=self.status,
            message=self.message(),
            experiment=self.experiment,
            resolved=self.trainer.setup.experiment,
            revision=self.revision,
            origin=self.origin,
            step=max(0, self.seen.step),
            epoch=self.seen.epoch,
            speed=self.speed,
            playing=self.playing,
            passed=self.passed,
            undo=self.changes.undo_words,
            redo=self.changes.redo_words,
            metrics=self.seen.metrics,
            parameters=graph.parameters,
        )

    def moment(self) -> Moment:
        """As it stands, to come back to."""
        way = self.timeline.beginning, self.timeline.ahead
        checkpoint = self.trainer.checkpoint()
        return Moment(self.start, self.experiment, self.program, checkpoint, self.ended, self.reason, *way)

    def present(self) -> Kept:
        """As it stands, for its time line."""
        return Kept(self.experiment, self.trainer.checkpoint())

    def count_change(self) -> None:
        """A new revision. One made at step 0 begins the curve anew, so that it tells of what is trained."""
        self.revision += 1
        self.trainer.revision = self.revision
        if self.trainer.step == 0:
            self.origin = self.revision
            self.trainer.history = History(self.trainer.history.columns)

    def journal(self) -> Journal:
        """What was done to it since step 0."""
        entries = tuple(Entry(step=entry.step, change=dict(entry.change)) for entry in self.trainer.journal)
        return Journal(experiment=self.start, entries=entries, step=self.trainer.step)

    def mark(self) -> Mark:
        """Tells whether anything was trained or changed since."""
        return self.start, self.trainer.step, tuple(self.trainer.journal)

    def play(self, until: Until | None) -> None:
        """Wants to train, perhaps to a goal."""
        self._begin(None if until is None else Goal(until.epoch, until.step))

    def pursue(self, step: Step | Rewind, done: "Future[RunDocument]") -> None:
        """Wants to train exactly this much, whatever its speed, and tells `done`."""
        trainer = self.trainer
        if isinstance(step, Rewind):
            self._begin(Goal(step.epoch, step.step, done=done))
        elif step.unit == "epoch":
            self._begin(Goal(epoch=trainer.epoch + step.count, done=done))
        else:
            self._begin(Goal(step=trainer.step + step.count, single=step.unit == "sample", done=done))

    def _begin(self, goal: Goal | None) -> None:
        self.playing, self.goal = True, goal
        self.ended, self.reason = "paused", ""
        self.allowance, self.claim = Allowance(), Claim()

    def rest(self, status: Status, reason: str = "") -> "Future[RunDocument] | None":
        """Stops wanting to train. Returns who waited for its goal."""
        waiting = self.goal.done if self.goal else None
        self.playing, self.goal, self.place = False, None, 0
        self.ended, self.reason = status, reason
        self.trainer.rest()
        return waiting

    def wait(self, pace: float = PACE_SECONDS) -> float:
        """Seconds until its next slice, 0 or less where that is now: its speed, or courtesy, may hold it back.

        Slices of a run that its speed holds back are `pace` seconds apart at least.
        """
        if self.awaited:
            return 0.0
        courtesy = self.courtesy_until - monotonic()
        if self.speed is None:
            return courtesy
        return max(courtesy, self.allowance.count(self.speed * self.trainer.batches_per_epoch, pace))

    def late(self, pace: float) -> float:
        """Seconds since its next slice was due; 0 for the first."""
        taken = self.allowance.taken
        due = max(taken + (pace if self.paced else 0.0), self.courtesy_until)
        return monotonic() - due if taken else 0.0

    def steps_to_goal(self) -> int | None:
        """Updates that are left, or None without a goal."""
        if self.goal is None:
            return None
        if self.goal.epoch is not None:
            return self.trainer.steps_until(self.goal.epoch)
        return max(0, (self.goal.step or 0) - self.trainer.step)
