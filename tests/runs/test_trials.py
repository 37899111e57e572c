"""The trials of a sweep: which there are, and which cannot be."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from pydantic import JsonValue

from app.engine.setup import NoUploads
from app.errors import InvalidInput, NotFound, TooLarge
from app.runs.limits import Limits
from app.runs.trials import Planned, best_of, combinations, plan
from app.schemas.document import parse_value
from app.schemas.sweep import Objective, Sweep, Trial
from app.settings import Settings

RATE, UNITS = "training.optimizer.learning_rate", "network.layers.0.units"


def sweep_of(space: Mapping[str, Any], **fields: object) -> Sweep:
    return parse_value(Sweep, {"space": space, **fields})


def planned(space: Mapping[str, Any], **fields: object) -> tuple[Planned, ...]:
    return plan(sweep_of(space, **fields), NoUploads(), Limits(Settings(max_parameters=300)))


def test_a_grid_is_every_combination_in_the_order_given() -> None:
    space = {RATE: {"low": 0.01, "high": 1, "scale": "log", "points": 3}, "seed": [7, 8]}
    trials = planned(space)
    assert [tuple(trial.values.values()) for trial in trials] == [
        (rate, seed) for rate in (0.01, 0.1, 1) for seed in (7, 8)
    ]
    assert [(one.experiment.training.optimizer.learning_rate, one.experiment.seed) for one in trials] == [
        tuple(trial.values.values()) for trial in trials
    ]


def test_a_random_search_is_the_same_for_the_same_seed_and_begins_the_same_for_more_trials() -> None:
    space = {RATE: {"low": 0.01, "high": 1}, "training.optimizer.kind": ["sgd", "adam", "lion"]}

    def drawn(trials: int, seed: int) -> list[dict[str, JsonValue]]:
        search = {"kind": "random", "trials": trials, "seed": seed}
        return [dict(values) for values in combinations(sweep_of(space, search=search))]

    assert drawn(20, 3) == drawn(50, 3)[:20]
    assert drawn(20, 3) != drawn(20, 4)
    assert {str(values["training.optimizer.kind"]) for values in drawn(50, 3)} == {"sgd", "adam", "lion"}


def test_fields_of_a_random_search_are_independent() -> None:
    space = {name: {"low": 0, "high": 1} for name in ("data.noise", "training.regularization.l1")}
    trials = combinations(sweep_of(space, search={"kind": "random", "trials": 200}))
    drawn = np.array([[float(str(value)) for value in values.values()] for values in trials])
    assert abs(np.corrcoef(drawn.T)[0, 1]) < 0.2


def test_more_than_two_hundred_are_too_many() -> None:
    with pytest.raises(InvalidInput, match="makes 250 combinations, and 200 is the most; search at random") as refused:
        planned({"seed": list(range(50)), "training.batch_size": [1, 2, 3, 4, 5]})
    assert refused.value.errors[0].path == "space"


REFUSED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({RATE: [0.1, -1]}, {}, f"space.{RATE}"),
    ({RATE: ["fast"]}, {}, f"space.{RATE}"),
    ({"training.batch_size": {"low": 2, "high": 9.5}}, {}, "space.training.batch_size"),
    ({"training.optimizer.kind": ["sgd", "newton"]}, {}, "space.training.optimizer.kind"),
    (
        {"training.optimizer.kind": ["sgd", "adam"], "training.optimizer.beta1": [0.5]},
        {},
        "space.training.optimizer",
    ),
    ({"network.layers.2.units": [3]}, {}, "space.network.layers.2.units"),
    ({UNITS: [4], "network.layers": [[]]}, {}, f"space.{UNITS}"),
    (
        {"data.kind": ["circle", "plane"]},
        {"experiment": {"training": {"loss": "hinge"}}},
        "experiment.training.loss",
    ),
    ({RATE: [1]}, {"experiment": {"family": "perceptron", "data": {"kind": "plane"}}}, "experiment.data.kind"),
    ({UNITS: [3]}, {"experiment": {"family": "perceptron"}}, "space.network.layers"),
]


@pytest.mark.parametrize(("space", "fields", "path"), REFUSED)
def test_one_that_cannot_be_trained_refuses_all_with_its_values(
    space: Mapping[str, Any], fields: Mapping[str, Any], path: str
) -> None:
    with pytest.raises(InvalidInput, match=r"where .* is ") as refused:
        planned(space, **fields)
    assert refused.value.errors[0].path.startswith(path)
    assert refused.value.detail.startswith(path)


def test_a_network_that_is_too_large_refuses_all() -> None:
    with pytest.raises(TooLarge, match=f"where {UNITS} is 64") as refused:
        planned({UNITS: [4, 64]})
    assert refused.value.errors[0].path == f"space.{UNITS}"


def test_data_that_are_not_there_are_not_found() -> None:
    with pytest.raises(NotFound):
        planned({"seed": [1]}, experiment={"data": {"kind": "points", "dataset": "0" * 32}})


@pytest.mark.parametrize(
    ("objective", "fields", "words"),
    [
        ({"metric": "r2"}, {}, "r2 is not known for classification; choose loss, accuracy"),
        ({"metric": "accuracy"}, {"experiment": {"data": {"kind": "plane"}}}, "not known for regression"),
        ({"part": "validation"}, {}, "no samples in the validation part"),
    ],
)
def test_what_no_trial_has_cannot_be_the_objective(
    objective: Mapping[str, str], fields: Mapping[str, Any], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        planned({"seed": [1]}, objective=objective, **fields)
    assert refused.value.errors[0].path == "objective"


def trials(*losses: float | None) -> list[Trial]:
    return [
        Trial(index=index, values={}, status="finished", metrics={"test": {"loss": loss, "accuracy": loss}})
        for index, loss in enumerate(losses)
    ]


def test_the_best_is_the_first_of_equals_among_those_that_finished() -> None:
    diverged = Trial(index=4, values={}, status="diverged", metrics={"test": {"loss": 0.0, "accuracy": 9.0}})
    known = [*trials(0.5, None, 0.2, 0.2), diverged]
    for metric, best in (("loss", 2), ("accuracy", 0)):
        found = best_of(parse_value(Objective, {"metric": metric}), known)
        assert found is not None
        assert found.index == best
    assert best_of(Objective(), [*trials(None), diverged.model_copy(update={"index": 1})]) is None
