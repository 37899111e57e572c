"""The tables of derived defaults, written out by hand."""

import pytest

from app.errors import InvalidInput
from app.schemas.document import parse_value
from app.schemas.experiment import PlaneExperiment
from app.schemas.resolve import Problem, losses_for, outputs, resolve, target_encoding
from app.schemas.training import LOSSES, LossName

REGRESSION, TWO, THREE = Problem("regression"), Problem("classification", 2), Problem("classification", 3)
SQUARED: tuple[LossName, ...] = ("half_squared_error", "mean_squared_error", "mean_absolute_error", "huber")

# Problem, losses, encoding of targets, outputs, output activation.
TABLE = [
    (REGRESSION, SQUARED, "value", 1, "linear"),
    (TWO, SQUARED, "sign", 1, "tanh"),
    (TWO, ("hinge",), "sign", 1, "linear"),
    (TWO, ("binary_cross_entropy",), "zero_one", 1, "sigmoid"),
    (TWO, ("categorical_cross_entropy",), "one_hot", 2, "softmax"),
    (THREE, SQUARED, "one_hot", 3, "sigmoid"),
    (THREE, ("hinge",), "sign_one_hot", 3, "linear"),
    (THREE, ("categorical_cross_entropy",), "one_hot", 3, "softmax"),
]


@pytest.mark.parametrize(
    ("problem", "loss", "encoding", "units", "activation"),
    [(problem, loss, *rest) for problem, losses, *rest in TABLE for loss in losses],
)
def test_task_and_loss_decide_targets_and_outputs(
    problem: Problem, loss: LossName, encoding: str, units: int, activation: str
) -> None:
    resolved = resolve(parse_value(PlaneExperiment, {"training": {"loss": loss}}), problem)
    assert resolved.training.loss == loss
    assert resolved.network.output_activation == activation
    assert target_encoding(loss, problem) == encoding
    assert outputs(loss, problem) == units


@pytest.mark.parametrize("problem", [REGRESSION, TWO, THREE])
def test_losses_that_do_not_fit_are_refused(problem: Problem) -> None:
    fitting = {loss for row, losses, *_ in TABLE if row == problem for loss in losses}
    assert set(losses_for(problem)) == fitting
    for loss in set(LOSSES) - fitting:
        with pytest.raises(InvalidInput) as raised:
            resolve(parse_value(PlaneExperiment, {"training": {"loss": loss}}), problem)
        assert [error.path for error in raised.value.errors] == ["training.loss"]


@pytest.mark.parametrize(
    ("problem", "loss"),
    [(REGRESSION, "half_squared_error"), (TWO, "half_squared_error"), (THREE, "categorical_cross_entropy")],
)
def test_the_default_loss(problem: Problem, loss: str) -> None:
    assert resolve(PlaneExperiment(), problem).training.loss == loss == losses_for(problem)[0]


@pytest.mark.parametrize(
    ("kind", "samples"), [("circle", 500), ("rings", 500), ("plane", 1200), ("multi_gaussian", 1200)]
)
def test_the_default_number_of_samples(kind: str, samples: int) -> None:
    resolved = resolve(parse_value(PlaneExperiment, {"data": {"kind": kind}, "seed": 9}), TWO)
    assert resolved.document()["data"]["samples"] == samples
    assert resolved.data.seed == 9


def test_what_was_given_stays() -> None:
    given = parse_value(
        PlaneExperiment,
        {
            "seed": 1,
            "data": {"seed": 2, "samples": 77},
            "network": {"output_activation": "linear"},
            "training": {"loss": "huber"},
        },
    )
    assert resolve(given, TWO) == given


def test_resolving_twice_is_resolving_once() -> None:
    once = resolve(PlaneExperiment(), TWO)
    assert resolve(once, TWO) == once
    assert PlaneExperiment().training.loss is None


@pytest.mark.parametrize(
    ("loss", "activation", "problem", "fits"),
    [
        ("half_squared_error", "linear", TWO, True),
        ("half_squared_error", "sigmoid", TWO, True),
        ("half_squared_error", "softmax", THREE, False),
        ("hinge", "tanh", TWO, True),
        ("binary_cross_entropy", "sigmoid", TWO, True),
        ("binary_cross_entropy", "tanh", TWO, False),
        ("categorical_cross_entropy", "softmax", THREE, True),
        ("categorical_cross_entropy", "sigmoid", THREE, False),
        ("mean_squared_error", "softmax", REGRESSION, False),
        ("mean_squared_error", "tanh", REGRESSION, True),
    ],
)
def test_output_activations_that_do_not_fit_are_refused(
    loss: str, activation: str, problem: Problem, *, fits: bool
) -> None:
    given = parse_value(PlaneExperiment, {"network": {"output_activation": activation}, "training": {"loss": loss}})
    if fits:
        assert resolve(given, problem).network.output_activation == activation
        return
    with pytest.raises(InvalidInput) as raised:
        resolve(given, problem)
    assert [error.path for error in raised.value.errors] == ["network.output_activation"]
