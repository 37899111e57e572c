"""What is searched: ranges, their grids and what is drawn from them."""

import numpy as np
import pytest

from app.errors import InvalidInput
from app.schemas.document import parse_value
from app.schemas.sweep import Range, Sweep

SHARES = np.random.default_rng(0).random(20_000).tolist()


def range_of(**fields: object) -> Range:
    return parse_value(Range, fields)


def test_a_grid_is_at_equal_distances_and_has_both_ends() -> None:
    assert range_of(low=0, high=1).grid() == (0, 0.25, 0.5, 0.75, 1)
    assert range_of(low=0.001, high=1, scale="log", points=4).grid() == (0.001, 0.01, 0.1, 1)


def test_a_grid_of_whole_numbers_has_each_once() -> None:
    assert range_of(low=1, high=4, whole=True, points=10).grid() == (1, 2, 3, 4)
    assert range_of(low=2, high=64, whole=True, scale="log", points=6).grid() == (2, 4, 8, 16, 32, 64)
    assert all(isinstance(value, int) for value in range_of(low=1, high=9, whole=True).grid())


@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize(("low", "high"), [(0.001, 1), (1e-12, 1e12), (0.3, 0.3000000001), (1 / 3, 2 / 3)])
def test_no_number_lies_beyond_the_ends(low: float, high: float, scale: str) -> None:
    values = range_of(low=low, high=high, scale=scale)
    assert all(low <= values.drawn(share) <= high for share in (0.0, 1.0, *SHARES[:500]))


def test_drawn_numbers_are_uniform_on_their_scale() -> None:
    linear = np.array([range_of(low=-2, high=6).drawn(share) for share in SHARES])
    log = np.log10([range_of(low=0.001, high=10, scale="log").drawn(share) for share in SHARES])
    for values, low, high in ((linear, -2, 6), (log, -3, 1)):
        counts, _ = np.histogram(values, bins=8, range=(low, high))
        assert counts == pytest.approx(np.full(8, len(SHARES) / 8), rel=0.1)


def test_whole_numbers_are_drawn_as_often_as_each_other() -> None:
    drawn = [range_of(low=1, high=5, whole=True).drawn(share) for share in (0.0, *SHARES, 1.0)]
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == [1, 2, 3, 4, 5]
    assert counts == pytest.approx(np.full(5, len(SHARES) / 5), rel=0.1)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"low": 1, "high": 1}, ""),
        ({"low": 0, "high": 1, "scale": "log"}, ""),
        ({"low": 0.5, "high": 3, "whole": True}, ""),
        ({"low": -1e13, "high": 3}, "low"),
        ({"low": 1, "high": 3, "points": 1}, "points"),
        ({"low": 1}, "high"),
    ],
)
def test_what_is_no_range_is_refused(fields: dict[str, object], path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        range_of(**fields)
    assert refused.value.errors[0].path == path


@pytest.mark.parametrize("epochs", [0, 10_001])
def test_trials_are_neither_endless_nor_nothing(epochs: int) -> None:
    with pytest.raises(InvalidInput):
        parse_value(Sweep, {"space": {"seed": [1]}, "epochs": epochs})


def test_its_document_is_the_same_sweep_with_what_was_given_of_the_experiment() -> None:
    experiment = {"training": {"optimizer": {"kind": "adam"}}}
    space = {"seed": [1, 2], "training.batch_size": {"low": 2, "high": 9, "whole": True}}
    sweep = parse_value(Sweep, {"experiment": experiment, "space": space, "search": {"kind": "random"}})
    document = sweep.document()
    assert document["experiment"] == experiment
    assert parse_value(Sweep, document) == sweep
