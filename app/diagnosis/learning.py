"""What the course of training tells: steps too large or too small, learning by heart, too little power."""

import numpy as np

from app.diagnosis.case import Case
from app.diagnosis.data import neighbours_success
from app.diagnosis.repairs import gentler_steps, usual_rate, without_penalty
from app.schemas.finding import Finding, Repair
from app.schemas.network import MAX_UNITS

_WINDOW = 20
"""So many epochs tell how the loss behaves now."""
_ROUGH = 0.08
"""The loss jumps where it changes by this share of itself from one epoch to the next."""
_NOTICEABLE = 0.1
"""Below this share of its first value the loss is small."""
_FAST_RATE = 5.0
"""A learning rate above so many times the usual one may be too high."""
_SLOW_RATE = 0.2
"""A learning rate below this share of the usual one may be too low."""
_FLAT = 0.05
"""A loss that has fallen by less than this share in a window stands nearly still."""
_GAP = 0.25
"""The test loss is far from the training loss where they are apart by this share of the first loss."""
_RISEN = 1.25
"""And it has risen where it is so many times its lowest."""
_LEAST_EPOCHS = 150
"""Before that a loss that stands still may only be resting."""
_BETTER = 0.1
"""Nearest neighbours do so much better where there is something to learn beside noise."""
_LARGER_UNITS = 16


def diverged(case: Case) -> Finding | None:
    """Numbers that are no longer finite, with step and layer where that began."""
    if not case.diverged:
        return None
    where = f" in {case.layer_name(case.divergence.layer)}" if case.divergence else ""
    return Finding(
        code="diverged",
        layer=case.divergence.layer if case.divergence else None,
        title="Training blew up",
        words=f"At step {case.step + 1} the numbers{where} became too large to write down: training diverged. Steps "
        "that jump past the goal make the next jump larger still. The last good weights are kept.",
        evidence={
            "step": case.step + 1,
            "learning_rate": case.optimizer.learning_rate,
            "last_gradient_length": float(np.linalg.norm(case.gradient_norms())),
        },
        repair=gentler_steps(case),
    )


def learning_rate_too_high(case: Case) -> Finding | None:
    """A loss that jumps about, or has grown, at a learning rate far above the usual one."""
    losses, begun = case.curve("train"), case.whole_curve("train")
    if case.optimizer.learning_rate <= _FAST_RATE * case.usual_rate:
        return None
    if case.diverged or case.learnt or losses.size < _WINDOW // 2:
        return None
    recent, first = losses[-_WINDOW:], float(begun[0])
    level, jump = float(recent.mean()), float(np.abs(np.diff(recent)).mean())
    jumps = jump > _ROUGH * level and level > _NOTICEABLE * first
    if not jumps and level < first:
        return None
    return Finding(
        code="learning_rate_too_high",
        layer=None,
        title="The learning rate is too high",
        words="Each step goes so far that it jumps past the goal, so the loss leaps about, or has even grown. "
        "A smaller learning rate takes smaller steps.",
        evidence={
            "learning_rate": case.optimizer.learning_rate,
            "loss_at_start": first,
            "average_loss": level,
            "average_jump": jump,
            "epochs": recent.size,
        },
        repair=usual_rate(case, reset=True),
    )


def learning_rate_too_low(case: Case) -> Finding | None:
    """A loss that has hardly moved at a learning rate far below the usual one."""
    losses = case.curve("train")
    if losses.size < _WINDOW or case.optimizer.learning_rate >= _SLOW_RATE * case.usual_rate:
        return None
    before, now, first = float(losses[-_WINDOW]), float(losses[-1]), float(case.whole_curve("train")[0])
    if now < (1 - _FLAT) * before or now < first / 2:
        return None
    return Finding(
        code="learning_rate_too_low",
        layer=None,
        title="The learning rate is too low",
        words="The loss hardly falls, because every step is tiny. A larger learning rate gets there sooner.",
        evidence={
            "learning_rate": case.optimizer.learning_rate,
            "loss": now,
            f"loss_{_WINDOW - 1}_epochs_ago": before,
            "loss_at_start": first,
        },
        repair=usual_rate(case, reset=False),
    )


def overfitting(case: Case) -> Finding | None:
    """A test loss that has risen again while the training loss fell."""
    train, test, begun = case.curve("train"), case.curve("test"), case.whole_curve("train")
    if train.size < _WINDOW or test.size != train.size:
        return None
    gap, best = float(test[-1] - train[-1]), int(np.argmin(test))
    if train[-1] > begun[0] / 2 or gap < _GAP * begun[0] or test[-1] < _RISEN * test[best]:
        return None
    return Finding(
        code="overfitting",
        layer=None,
        title="It learns by heart",
        words="The network gets better on the points that it trains on, but worse on those that it has never seen: it "
        "remembers single points instead of the pattern. This is overfitting.",
        evidence={
            "training_loss": float(train[-1]),
            "test_loss": float(test[-1]),
            "lowest_test_loss": float(test[best]),
        },
        repair=_simpler(case),
    )


def underfitting(case: Case) -> Finding | None:
    """A training loss that no longer falls, with many answers wrong that nearest neighbours would have told."""
    losses, success = case.curve("train"), case.success
    if losses.size < _LEAST_EPOCHS or success is None or case.diverged:
        return None
    half = losses[losses.size // 2 :]
    earlier, later = (float(part.mean()) for part in np.array_split(half, 2))
    if later < (1 - _FLAT) * earlier:
        return None
    possible = neighbours_success(case)
    if possible < success + _BETTER:
        return None
    right = "right_answers" if case.classifies else "r2"
    return Finding(
        code="underfitting",
        layer=None,
        title="The network is too weak",
        words="The loss no longer falls, though many answers are wrong even for points that it trains on: it cannot "
        "form the shapes that these points need. This is underfitting.",
        evidence={
            right: success,
            f"{right}_of_nearest_neighbours": possible,
            "average_loss": later,
            "average_loss_before": earlier,
            "neurons": sum(layer.units for layer in case.layers),
        },
        repair=_stronger(case),
    )


def _simpler(case: Case) -> Repair:
    """A penalty on large weights, or a larger one."""
    l2 = max(0.03, round(3 * case.setup.experiment.training.regularization.l2, 6))
    patch = {"training": {"regularization": {"l2": min(l2, 100.0)}}}
    return Repair(label=f"Set L2 to {min(l2, 100.0):g} and start again", patch=patch, reset=True)


def _stronger(case: Case) -> Repair | None:
    """No penalty where it is strong, a stronger optimiser for many neurons; else two layers of more neurons."""
    unpenalised = without_penalty(case)
    if unpenalised:
        return unpenalised
    plain = case.optimizer.kind in ("sgd", "adagrad")
    adam = {"training": {"optimizer": {"kind": "adam", "learning_rate": 0.01}}} if plain else {}
    if plain and sum(layer.units for layer in case.layers) >= _LARGER_UNITS:
        return Repair(label="Train on with Adam", patch=adam, reset=False)
    given = [layer.model_dump(mode="json", exclude_unset=True) for layer in case.layers]
    given += [dict(given[-1]) if given else {} for _ in range(2 - len(given))]
    units = [max(_LARGER_UNITS, 2 * layer.get("units", 0)) for layer in given]
    if max(units) > MAX_UNITS:
        return None
    layers = [{**layer, "units": count} for layer, count in zip(given, units, strict=True)]
    numbers = " and ".join(map(str, units)) if len(units) == 2 else f"{len(units)} layers of {max(units)}"
    label = f"Start again with {numbers} neurons{' and Adam' if plain else ''}"
    return Repair(label=label, patch={"network": {"layers": layers}, **adam}, reset=True)
