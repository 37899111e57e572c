"""A run on its way: it trains and keeps moments, and where it has gone back it does again what was done to it there.

All of it happens in the scheduler's thread.
"""

from dataclasses import replace

from app.engine.checkpoint import JournalEntry
from app.engine.setup import NoUploads, build_setup, starts_anew
from app.engine.timeline import Ahead, still_ahead
from app.engine.trainer import Report
from app.errors import Conflict, InvalidInput
from app.runs.run import Run
from app.schemas.command import Edit, Point
from app.schemas.document import parse_value
from app.schemas.patch import apply_patch

_MOST_KEPT = 4
"""Moments that are kept of one slice."""
_STEPS_BETWEEN = 500
"""No more of them are kept than one in so many updates, which take as long as some calls of a program."""


def train(run: Run, steps: int) -> Report:
    """Up to `steps` updates, fewer where its goal or its end is nearer, or the last moment that is kept."""
    trainer, timeline = run.trainer, run.timeline
    alone = bool(run.goal and run.goal.single)
    taken, rows, kept = 0, 0, 0
    while taken < steps and kept < _MOST_KEPT and run.steps_to_goal() != 0:
        single = _single_due(run)
        report = trainer.advance(run.program, _part(run, steps - taken, single), single=alone or single > 0)
        taken, rows = taken + report.taken, rows + report.rows
        if single:
            _shorten(run, report.taken)
        over = report.divergence is not None or (report.stopped and not _went_on(run))
        if not over and trainer.position == 0 and timeline.wants(trainer.epoch):
            timeline.keep(run.present())
            kept += 1
        repeat(run)
        if over:
            return replace(report, taken=taken, rows=rows)
    return Report(taken, rows, None, stopped=False)


def repeat(run: Run) -> None:
    """Does again what was done to it where it stands."""
    timeline = run.timeline
    while (ahead := timeline.ahead) and ahead.entries:
        entry = ahead.entries[0]
        if entry.step > run.trainer.step or _singles(entry):
            return
        _apply(run, entry)
        timeline.ahead = replace(ahead, entries=ahead.entries[1:])
    if ahead and run.trainer.step >= ahead.step:
        timeline.ahead = None


def go_back(run: Run, point: Point) -> None:
    """Puts it at the last moment that is kept before a point, what it has passed since ahead. Raises what `check` does.

    It stays where that is no nearer than where it stands.
    """
    check(run, point)
    trainer, timeline = run.trainer, run.timeline
    there = timeline.before(epoch=point.epoch, step=point.step)
    if _is_before(run, point) and (there is None or there.step <= trainer.step):
        return
    if there is None:
        raise Conflict("What this run was at first is not known, so it cannot go back so far.")
    ahead = timeline.ahead or Ahead((), trainer.step, trainer.epoch)
    entries = still_ahead((*trainer.journal, *ahead.entries), there.checkpoint)
    trainer.restore(there.checkpoint)
    timeline.ahead = replace(ahead, entries=entries)
    run.experiment = there.experiment
    run.revision += 1
    trainer.revision = run.origin = run.revision
    repeat(run)


def check(run: Run, point: Point) -> None:
    """Raises InvalidInput where the run has not passed the point."""
    end = run.timeline.ahead or run.trainer
    for name, wanted, passed in (("epoch", point.epoch, end.epoch), ("step", point.step, end.step)):
        if wanted is not None and wanted > passed:
            raise InvalidInput.at(name, f"must be at most {passed:,}: the run has come no further")


def _went_on(run: Run) -> bool:
    """Whether it has passed more than where it stands."""
    ahead = run.timeline.ahead
    return ahead is not None and (bool(ahead.entries) or ahead.step > run.trainer.step)


def _is_before(run: Run, point: Point) -> bool:
    """Whether it stands at the point, or before it."""
    trainer = run.trainer
    if point.epoch is None:
        return trainer.step <= (point.step or 0)
    return (trainer.epoch, trainer.position) <= (point.epoch, 0)


def _part(run: Run, most: int, single: int) -> int:
    """So many updates at once: then something is to be done, or kept.

    Of all moments that could be kept within some updates one is: the others are had again at once, from the one before.
    """
    trainer, ahead, left = run.trainer, run.timeline.ahead, run.steps_to_goal()
    parts = [most]
    ends = (trainer.epoch_in(steps) for steps in (min(most, _STEPS_BETWEEN), most))
    due = next(filter(None, (run.timeline.due(trainer.epoch, end) for end in ends)), None)
    if due is not None:
        until = trainer.steps_until(due)
        parts.append(until)
    if left is not None:
        parts.append(left)
    if single:
        parts.append(single)
    elif ahead and ahead.entries:
        parts.append(ahead.entries[0].step - trainer.step)
    return min(parts)


def _single_due(run: Run) -> int:
    """How many updates with one sample each were made where it stands."""
    ahead = run.timeline.ahead
    entry = ahead.entries[0] if ahead and ahead.entries else None
    return int(entry.change["count"]) if entry and _singles(entry) and entry.step <= run.trainer.step else 0


def _shorten(run: Run, taken: int) -> None:
    """So many of them are made again."""
    ahead = run.timeline.ahead
    assert ahead is not None, "they were ahead"
    (entry, *others), step = ahead.entries, run.trainer.step
    left = int(entry.change["count"]) - taken
    rest = [JournalEntry(step, {**entry.change, "count": left})] if left > 0 else []
    run.timeline.ahead = replace(ahead, entries=(*rest, *others))


def _singles(entry: JournalEntry) -> bool:
    return entry.change.get("type") == "step"


def _apply(run: Run, entry: JournalEntry) -> None:
    if entry.change.get("type") == "edit":
        run.trainer.edit(parse_value(Edit, entry.change))
    else:
        experiment = apply_patch(run.experiment, dict(entry.change))
        setup = build_setup(experiment, NoUploads(), run.trainer.setup)
        if starts_anew(run.trainer.setup, setup):
            raise Conflict("The journal of this run holds what no journal can hold, so it cannot be followed.")
        run.trainer.change(setup, entry.change)
        run.experiment = experiment
    run.count_change()
