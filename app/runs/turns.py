"""Whose turn it is to train: time is shared by visitor, then by run, so that eight runs get no more than one.

A round gives every visitor the same time, and each of its runs a share of that as credit; a run takes its turn once its
credit is worth the call of a program. A turn is paid for with what its steps cost as a rule, so that a run pays for its
network but not for whoever else uses the machine.
"""

from collections.abc import Sequence

from app.runs.run import Run

SLICE_SECONDS = 0.006
"""The longest turn: a command waits no longer."""
_LEAST_SECONDS = 0.0004
"""The shortest turn that is worth its while."""
_UNWATCHED = 0.25
"""The share of a run that nobody watches, beside one that somebody does."""

Turn = tuple[Run, float]
"""Whose it is, and how many seconds it may take."""


def deal(due: Sequence[Run], seconds: float) -> list[Turn]:
    """Shares out a round of so many seconds at most. Returns who takes a turn, and for how long."""
    if not due:
        return []
    by_visitor: dict[str, list[Run]] = {}
    for run in due:
        by_visitor.setdefault(run.visitor, []).append(run)
    shares = _shares(list(map(_weights, by_visitor.values())), seconds)
    turns: list[Turn] = []
    for runs, credits in zip(by_visitor.values(), shares, strict=True):
        for run, credit in zip(runs, credits, strict=True):
            run.claim.credit = min(run.claim.credit + credit, SLICE_SECONDS)
            if run.claim.credit >= _LEAST_SECONDS:
                turns.append((run, run.claim.credit))
    return turns


def _shares(weights: list[list[float]], seconds: float) -> list[list[float]]:
    """The seconds of each run, by visitor. None has more than a slice; a visitor has what its heaviest run weighs."""
    heaviest = max(map(max, weights))
    parts = [[weight / sum(theirs) * max(theirs) / heaviest for weight in theirs] for theirs in weights]
    share = min(seconds / len(weights), SLICE_SECONDS / max(map(max, parts)))
    return [[part * share for part in theirs] for theirs in parts]


def _weights(runs: list[Run]) -> list[float]:
    return [1.0 if run.channel.listeners or run.awaited else _UNWATCHED for run in runs]
