import json

import pytest
from hypothesis import given

from app.errors import InvalidInput
from app.schemas.document import parse_value
from app.schemas.experiment import (
    FAMILY_NAMES,
    Experiment,
    PlaneExperiment,
    as_plane,
    default_experiment,
    read_experiment,
)
from app.schemas.url import from_query, to_query, typed_document
from tests.schemas.strategies import experiments


def paths(query: str) -> list[str]:
    with pytest.raises(InvalidInput) as raised:
        from_query(query)
    return [error.path for error in raised.value.errors]


@given(experiment=experiments())
def test_an_experiment_survives_its_address(experiment: Experiment) -> None:
    query = to_query(experiment)
    again = from_query(query)
    assert again.canonical() == experiment.canonical()
    assert to_query(again) == query
    assert query.isascii()
    assert " " not in query


def test_the_default_needs_no_words() -> None:
    assert to_query(PlaneExperiment()) == ""
    assert from_query("") == PlaneExperiment()


def test_addresses_read_well() -> None:
    query = (
        "data.kind=spiral&data.features=x1,x2,x1*x2&"
        "network.layers.0.units=8&network.layers.0.activation=relu&network.layers.1.units=2&"
        "training.optimizer.kind=adam&training.optimizer.beta1=0.5"
    )
    experiment = from_query(query)
    assert experiment == parse_value(
        PlaneExperiment,
        {
            "data": {"kind": "spiral", "features": ["x1", "x2", "x1*x2"]},
            "network": {"layers": [{"units": 8, "activation": "relu"}, {"units": 2}]},
            "training": {"optimizer": {"kind": "adam", "beta1": 0.5}},
        },
    )
    assert to_query(experiment) == query


def test_addresses_of_pictures_read_well() -> None:
    query = (
        "family=cnn&data.kind=shapes&data.augmentation.flip=true&data.task=detection&"
        "network.layers.0.kind=conv2d&network.layers.0.stride=2&"
        "network.layers.1.kind=flatten&network.layers.2.kind=dense&network.layers.2.units=16&"
        "training.optimizer.beta1=0.5"
    )
    experiment = from_query(query)
    layers = [{"kind": "conv2d", "stride": 2}, {"kind": "flatten"}, {"kind": "dense", "units": 16}]
    assert experiment == read_experiment(
        {
            "family": "cnn",
            "data": {"kind": "shapes", "task": "detection", "augmentation": {"flip": True}},
            "network": {"layers": layers},
            "training": {"optimizer": {"beta1": 0.5}},
        }
    )
    assert to_query(experiment) == query


@pytest.mark.parametrize("family", FAMILY_NAMES)
def test_the_default_of_a_family_needs_its_name_alone(family: str) -> None:
    default = default_experiment(family)
    assert to_query(default) == ("" if default.family == PlaneExperiment().family else f"family={family}")
    assert from_query(f"family={family}") == default


def test_browsers_and_people_may_escape_what_they_like() -> None:
    escaped = as_plane(from_query("data.features=x1%2Csin%28x2%29%2Cx1%5E2&data.noise=%35"))
    assert escaped.data.features == ("x1", "sin(x2)", "x1^2")
    assert escaped.data.noise == 5


def test_no_hidden_layers_is_an_empty_value() -> None:
    experiment = parse_value(PlaneExperiment, {"network": {"layers": []}})
    assert to_query(experiment) == "network.layers="
    assert from_query("network.layers=").network.layers == ()


def test_points_are_rows_parted_by_semicolons() -> None:
    experiment = from_query("data.kind=points&data.points=0,0,1;1.5,-2,0")
    assert json.loads(experiment.canonical())["data"]["points"] == [[0, 0, 1], [1.5, -2, 0]]
    assert "data.points=0,0,1;1.5,-2,0" in to_query(experiment)


def test_a_domain_is_two_intervals() -> None:
    experiment = from_query("data.kind=points&data.points=0,0,1;1.5,-2,0&data.domain=-6,6;-1.5,1.5")
    assert json.loads(experiment.canonical())["data"]["domain"] == [[-6, 6], [-1.5, 1.5]]
    assert "data.domain=-6,6;-1.5,1.5" in to_query(experiment)


def test_200_inline_points_fit_into_an_address() -> None:
    points = [[-1 / 3 * 10.0**-index, 1e300 / (index + 3), 1e20 + index] for index in range(200)]
    experiment = parse_value(PlaneExperiment, {"data": {"kind": "points", "points": points}})
    assert from_query(to_query(experiment)) == experiment


def test_an_id_of_digits_stays_text() -> None:
    experiment = parse_value(PlaneExperiment, {"data": {"kind": "points", "dataset": "1234567890123456"}})
    assert from_query(to_query(experiment)) == experiment


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("data.noise=abc", ["data.noise"]),
        ("data.noise=51&seed=-1", ["seed", "data.noise"]),
        ("data.kind=nothing", ["data.kind"]),
        ("data.features=x1,x9", ["data.features.1"]),
        ("learning_rate=0.1", ["learning_rate"]),
        ("data=5", ["data"]),
        ("data.noise=1&data.noise.x=2", ["data.noise.x"]),
        ("data.noise.x=2&data.noise=1", ["data.noise"]),
        ("a.b.c.d.e.f.g=1", ["a.b.c.d.e.f.g"]),
        ("network.layers.1.units=3", ["network.layers"]),
        ("network.layers.0.units=4&network.layers.1.units=65", ["network.layers.1.units"]),
        ("network.layers.0=4", ["network.layers.0"]),
        ("data.kind=points&data.points=1,2,3;4,x,6", ["data.points.1.1"]),
        ("data.noise=NaN", ["data.noise"]),
        ("data.noise=" + "[" * 19_000, ["data.noise"]),
        ("seed=" + "9" * 10_000, ["seed"]),
    ],
)
def test_errors_name_the_part_of_the_address(query: str, expected: list[str]) -> None:
    assert paths(query)[: len(expected)] == expected


def test_a_book_is_no_address() -> None:
    with pytest.raises(InvalidInput, match="too long"):
        from_query("x" * 30_000)


def test_a_form_is_typed_without_being_judged() -> None:
    fields = [("data.noise", "99"), ("training.shuffle", "false"), ("data.kind", "xor"), ("foo", "bar")]
    assert typed_document(fields) == {
        "data": {"noise": 99, "kind": "xor"},
        "training": {"shuffle": False},
        "foo": "bar",
    }
