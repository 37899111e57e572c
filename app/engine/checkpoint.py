"""A trainer at one moment: what it takes to go on from there, bit for bit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.history import History
from app.engine.program import State
from app.families.base import Setup


@dataclass(frozen=True)
class JournalEntry:
    """What was done at `step`: a patch, an edit, or updates with one sample each."""

    step: int
    change: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """See the module. Nothing in it is ever changed in place."""

    journal: tuple[JournalEntry, ...]
    setup: Setup
    state: State
    history: History
    step: int
    epoch: int
    position: int
