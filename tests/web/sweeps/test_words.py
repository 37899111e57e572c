"""Sweeps in words, and the next sweep around the best of one."""

import pytest

from app.schemas.sweep import Range
from app.web.sweeps.again import around_best
from app.web.sweeps.page import list_of, page_of
from app.web.sweeps.words import plan, spaces, title
from tests.web.sweeps.cases import ACTIVATION, RATE, finished, sweep, told

LOG = {"low": 0.001, "high": 1, "scale": "log", "points": 4}


def test_a_sweep_says_what_is_searched_and_how() -> None:
    grid = sweep({RATE: LOG, ACTIVATION: ["tanh", "relu"]})
    assert title(grid) == "Learning rate × Layer 1 activation"
    assert spaces(grid) == (("Learning rate", "0.001, 0.01, 0.1, 1"), ("Layer 1 activation", "Tanh, ReLU"))
    assert plan(grid) == "Every combination, each trained for 100 epochs. Best is the lowest test loss."
    drawn = sweep(
        {RATE: LOG, ACTIVATION: ["tanh"]},
        search={"kind": "random", "trials": 30, "seed": 2},
        objective={"part": "validation", "metric": "accuracy"},
        epochs=1,
    )
    assert title(drawn) == "Learning rate", "the activation does not vary"
    assert spaces(drawn)[0] == ("Learning rate", "0.001 to 1, logarithmic")
    assert plan(drawn) == (
        "30 combinations drawn at random (seed 2), each trained for 1 epoch. Best is the highest validation accuracy."
    )


def test_the_page_has_an_axis_for_each_field_and_the_objective_first_in_the_table() -> None:
    of = sweep({RATE: LOG, ACTIVATION: ["tanh", "relu"]})
    trials = [finished(0, {RATE: 0.001, ACTIVATION: "relu"}, 0.5), finished(1, {RATE: 1.0, ACTIVATION: "tanh"}, 0.25)]
    page = page_of(told(of, trials, best=1))
    assert page.titles == (
        "Trial",
        "Learning rate",
        "Layer 1 activation",
        "Status",
        "Test loss",
        "Training loss",
        "Test accuracy",
    )
    assert page.metrics == ("test_loss", "train_loss", "test_accuracy")
    assert (page.ordered, page.order) == ("Test loss", "ascending")
    assert page.rows[0].values == (("0.001", "0.001"), ("ReLU", ""))
    assert '"names":["Tanh","ReLU"]' in page.axes
    assert '"values":[1,0]' in page.axes
    assert '"path":"test_loss"' in page.axes
    assert list_of([told(of, trials, best=1)]).sweeps[0].words == "Finished, 2 of 2 trials · best test loss 0.25"


def test_the_next_sweep_is_narrower_around_the_best() -> None:
    random = {"kind": "random", "trials": 9, "seed": 4}
    of = sweep({RATE: LOG, ACTIVATION: ["tanh", "relu"]}, search=random)
    trials = [finished(0, {RATE: 0.1, ACTIVATION: "relu"}, 0.5)]
    narrower = around_best(told(of, trials, best=0))
    assert narrower is not None
    values = narrower.space[RATE]
    assert isinstance(values, Range)
    assert values.low == pytest.approx(0.1 / 10**0.5)  # pyright: ignore[reportUnknownMemberType]
    assert values.high == pytest.approx(0.1 * 10**0.5)  # pyright: ignore[reportUnknownMemberType]
    assert narrower.space[ACTIVATION] == ("relu",)
    assert narrower.search.kind == "random"
    assert narrower.search.seed == 5, "other combinations than before"


def test_the_next_sweep_stays_within_the_first_one() -> None:
    of = sweep({"network.layers.0.units": {"low": 1, "high": 8, "whole": True}})
    narrower = around_best(told(of, [finished(0, {"network.layers.0.units": 8}, 0.5)], best=0))
    assert narrower is not None
    assert narrower.space == {"network.layers.0.units": Range(low=7, high=8, whole=True)}


def test_nothing_is_narrowed_where_only_choices_were_tried_or_nothing_was_best() -> None:
    of = sweep({ACTIVATION: ["tanh", "relu"]})
    assert around_best(told(of, [finished(0, {ACTIVATION: "relu"}, 0.5)], best=0)) is None
    assert around_best(told(sweep({RATE: LOG}), [finished(0, {RATE: 0.1}, 0.5)])) is None
