"""The changes of a run that can be taken back, and those that can be made again.

A change that started training anew (other data, other layers, reset) is taken back by going back to the moment before
it, with all that was learnt until then. A live change is taken back by the opposite change at the present step, so that
training goes on; but where nothing was trained since, by going back, so that not even the journal tells of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic

from pydantic import JsonValue

from app.engine.checkpoint import Checkpoint, JournalEntry
from app.engine.program import Program
from app.engine.timeline import Ahead, Kept
from app.schemas.command import Edit
from app.schemas.experiment import Experiment
from app.schemas.run import Status

DEPTH = 30
_TOGETHER_SECONDS = 1.0
"""Changes that are together may be so far apart."""


Mark = tuple[Experiment, int, tuple[JournalEntry, ...]]
"""What determines a run's state, bit for bit: the Experiment at step 0, the step, the journal."""


@dataclass(frozen=True, eq=False)
class Moment:
    """A run between two updates."""

    start: Experiment
    experiment: Experiment
    program: Program
    checkpoint: Checkpoint
    ended: Status
    reason: str
    beginning: Kept | None
    """Its step 0, where that is known."""
    ahead: Ahead | None
    """What it had passed already, where it had gone back."""

    @property
    def mark(self) -> Mark:
        """What tells it from others."""
        return self.start, self.checkpoint.step, self.checkpoint.journal


@dataclass
class Done:
    """One change, with the moments on both sides of it; the later one is known once it was taken back."""

    words: str
    """What was changed."""
    anew: bool
    """Whether it started training anew."""
    before: Moment
    mark: Mark
    """Of the run right after the change, or right after it was taken back."""
    edits: tuple[Edit, Edit] | None = None
    """For an edit: itself, and its opposite."""
    together: bool = False
    """Whether it may be one with the change before it."""
    exact: bool = True
    """Whether nothing was trained while it was made, where it is several that are together."""
    after: Moment | None = None
    at: float = field(default_factory=monotonic)

    def continues(self, last: "Done") -> bool:
        """Whether it is more of the same change."""
        close = self.at - last.at < _TOGETHER_SECONDS
        return self.together and last.together and close and self.words == last.words


class UndoStack:
    """See the module. Its words may be read from any thread, all else belongs to the scheduler's."""

    def __init__(self) -> None:
        self.undone: list[Done] = []
        self.done: list[Done] = []

    def add(self, change: Done) -> None:
        """A change was made: what was undone before it cannot be made again."""
        self.undone.clear()
        if self.done and change.continues(self.done[-1]):
            last = self.done.pop()
            change.exact = last.exact and last.mark == change.before.mark
            change.before, change.anew = last.before, change.anew or last.anew
        self.done.append(change)
        del self.done[:-DEPTH]

    @property
    def undo_words(self) -> str | None:
        """What would be taken back."""
        return next((change.words for change in self.done[-1:]), None)

    @property
    def redo_words(self) -> str | None:
        """What would be made again."""
        return next((change.words for change in self.undone[-1:]), None)


def words_of_patch(patch: Mapping[str, JsonValue]) -> str:
    """What a merge patch changes, for people: `learning rate`, or `data` where it is more than one thing of it."""
    names: list[str] = []
    value: JsonValue = dict(patch)
    while isinstance(value, dict) and len(value) == 1:
        ((name, value),) = value.items()
        names.append(name)
    if not names:
        return "several settings"
    name = names[-2] if names[-1] == "kind" and len(names) > 1 else names[-1]
    return name.replace("_", " ")


def words_of_edit(edit: Edit) -> str:
    """Which weight or bias an edit sets; layers and neurons are counted from 1."""
    return f"{edit.parameter} of neuron {edit.index[-1] + 1} in layer {edit.layer + 1}"
