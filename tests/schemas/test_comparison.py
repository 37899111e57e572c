"""Comparisons: one Experiment, one field, one run for each of its values."""

import pytest

from app.errors import InvalidInput
from app.schemas.comparison import Comparison
from app.schemas.document import parse_value
from app.schemas.experiment import as_plane


def comparison(**fields: object) -> Comparison:
    return parse_value(Comparison, fields)


def test_a_field_takes_each_value_and_all_else_is_the_same() -> None:
    experiment = {"seed": 5, "training": {"optimizer": {"learning_rate": 0.1}}}
    made = comparison(experiment=experiment, vary={"training.optimizer.kind": ["sgd", "adam"]}).experiments()
    assert [one.training.optimizer.kind for one in made] == ["sgd", "adam"]
    assert {one.training.optimizer.learning_rate for one in made} == {0.1}
    assert {one.seed for one in made} == {5}


def test_whole_parts_can_vary() -> None:
    layers = [[{"units": 2}], [{"units": 8}, {"units": 8}]]
    made = comparison(vary={"network.layers": layers}).experiments()
    assert [[layer.units for layer in as_plane(one).network.layers] for one in made] == [[2], [8, 8]]


def test_one_field_of_a_layer_can_vary() -> None:
    made = comparison(vary={"network.layers.1.units": [3, 6]}).experiments()
    assert [[layer.units for layer in as_plane(one).network.layers] for one in made] == [[4, 3], [4, 6]]


@pytest.mark.parametrize(
    ("vary", "path"),
    [
        ({}, "vary"),
        ({"seed": [1, 2], "training.batch_size": [1, 2]}, "vary"),
        ({"seed": [1]}, "vary.seed"),
        ({"seed": ["one", "two"]}, "seed"),
        ({"network.depth": [1, 2]}, "network.depth"),
        ({"training.batch_size": list(range(1, 10))}, "runs"),
        ({"seed": list(range(17))}, "vary.seed"),
    ],
)
def test_what_cannot_be_compared_is_refused_at_its_field(vary: dict[str, list[object]], path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        comparison(vary=vary).experiments()
    assert refused.value.errors[0].path == path


def test_sixteen_seeds_can_be_compared() -> None:
    assert len(comparison(vary={"seed": list(range(16))}).experiments()) == 16
