"""Experiment + journal + step determine everything, bit for bit, however training was sliced."""

from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

import numpy as np
import pytest

from app.engine.setup import NoUploads, build_setup
from app.engine.trainer import Trainer
from app.schemas.command import Edit
from app.schemas.document import parse_value
from app.schemas.patch import apply_patch
from tests.engine.cases import experiment, layers, program, trainer

STEPS = 1_000
# Three steps an epoch, the last of 50 samples; 1,000 steps are 333 epochs, which is more than one block of orders.
DOCUMENT: dict[str, Any] = {
    "seed": 11,
    "data": {"kind": "xor", "validation_fraction": 0.2, "noise": 10},
    "network": {"layers": layers(4, 3, dropout=0.2)},
    "training": {"batch_size": 100, "optimizer": {"kind": "adam", "learning_rate": 0.01}},
}


def assert_same(found: Trainer, expected: Trainer) -> None:
    assert (found.step, found.epoch, found.position) == (expected.step, expected.epoch, expected.position)
    for name, tensor in expected.tensors().items():
        np.testing.assert_array_equal(found.tensors()[name], tensor, err_msg=name)
    for name, gradient in expected.gradients().items():
        np.testing.assert_array_equal(found.gradients()[name], gradient, err_msg=name)
    # Revisions count what a server did, not what a network learnt.
    assert [row[:2] + row[3:] for row in found.history.rows] == [row[:2] + row[3:] for row in expected.history.rows]


def advance(made: Trainer, slices: Iterator[int], until: int = STEPS) -> Trainer:
    while made.step < until:
        report = made.advance(program(made.setup), min(next(slices), until - made.step))
        assert report.divergence is None
    return made


@pytest.fixture(scope="module")
def at_once() -> Trainer:
    return advance(trainer(**DOCUMENT), repeat(STEPS))


def random_slices(seed: int) -> Iterator[int]:
    rng = np.random.default_rng(seed)
    while True:
        yield int(rng.integers(1, 60))


@pytest.mark.parametrize(
    "slices",
    [lambda: repeat(1), lambda: repeat(7), lambda: random_slices(0), lambda: random_slices(1)],
    ids=["a thousand slices", "sevens", "random", "other random"],
)
def test_slicing_changes_nothing(at_once: Trainer, slices: Callable[[], Iterator[int]]) -> None:
    assert_same(advance(trainer(**DOCUMENT), slices()), at_once)


def test_pauses_change_nothing(at_once: Trainer) -> None:
    made = trainer(**DOCUMENT)
    for pause in range(1, 51):
        made.rest()
        advance(made, repeat(STEPS), until=pause * 20)
        made.tensors()
    assert_same(made, at_once)


def test_starting_again_changes_nothing(at_once: Trainer) -> None:
    made = advance(trainer(**DOCUMENT), repeat(123), until=400)
    made.advance(program(made.setup), 5, single=True)
    made.restart()
    assert (made.step, made.epoch, made.position, made.journal, made.history.rows) == (0, 0, 0, [], [])
    assert_same(advance(made, repeat(STEPS)), at_once)


def test_another_seed_is_another_training(at_once: Trainer) -> None:
    other = advance(trainer(**{**DOCUMENT, "seed": 12}), repeat(STEPS))
    assert not np.array_equal(other.tensors()["layers.0.weight"], at_once.tensors()["layers.0.weight"])


# What was done at which step: patches, edits, and updates with one sample each.
JOURNAL: tuple[tuple[int, dict[str, Any]], ...] = (
    (0, {"training": {"regularization": {"l2": 0.01}}}),
    (1, {"type": "edit", "layer": 2, "parameter": "weight", "index": [1, 0], "value": 0.25}),
    (50, {"type": "step", "unit": "sample", "count": 7}),
    (57, {"training": {"batch_size": 33}}),
    (140, {"training": {"optimizer": {"kind": "rmsprop", "learning_rate": 0.003}}}),
    (300, {"network": {"layers": [{"units": 4, "activation": "sine"}, {"units": 3, "dropout": 0.5}]}}),
    (300, {"type": "edit", "layer": 0, "parameter": "bias", "index": [3], "value": -2}),
    (512, {"training": {"loss": "binary_cross_entropy", "shuffle": False}}),
    (700, {"training": {"optimizer": {"kind": "nesterov"}, "clipping": {"kind": "norm", "threshold": 0.1}}}),
    (701, {"type": "step", "unit": "sample", "count": 100}),
    (900, {"training": {"shuffle": True, "schedule": {"kind": "exponential"}}}),
)


def performed(journal: Iterator[tuple[int, Any]], slices: Iterator[int]) -> Trainer:
    made, current = trainer(**DOCUMENT), experiment(**DOCUMENT)
    for step, change in journal:
        advance(made, slices, until=step)
        if change.get("type") == "edit":
            made.edit(parse_value(Edit, change))
        elif change.get("type") == "step":
            made.advance(program(made.setup), change["count"], single=True)
        else:
            current = apply_patch(current, change)
            made.change(build_setup(current, NoUploads(), made.setup), change)
    return advance(made, slices)


def test_the_journal_tells_all_that_was_done() -> None:
    made = performed(iter(JOURNAL), random_slices(3))
    assert [(entry.step, entry.change) for entry in made.journal] == list(JOURNAL)


@pytest.mark.parametrize("slices", [lambda: repeat(STEPS), lambda: repeat(1)], ids=["at once", "step by step"])
def test_experiment_and_journal_give_the_same_bits(slices: Callable[[], Iterator[int]]) -> None:
    original = performed(iter(JOURNAL), random_slices(4))
    journal = ((entry.step, dict(entry.change)) for entry in original.journal)
    assert_same(performed(journal, slices()), original)


def test_a_journal_is_no_ornament(at_once: Trainer) -> None:
    assert not np.array_equal(
        performed(iter(JOURNAL), repeat(STEPS)).tensors()["layers.0.weight"], at_once.tensors()["layers.0.weight"]
    )
