from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from app.errors import InvalidInput, MalformedInput
from app.schemas.document import parse_value
from app.schemas.experiment import SECTIONS, Experiment, PlaneExperiment, default_experiment, read_experiment
from app.schemas.patch import apply_patch, difference, patch_at
from tests.schemas.strategies import DATA, experiment_documents, experiments, optimizer_documents


def patched(document: dict[str, JsonValue], patch: JsonValue) -> dict[str, Any]:
    return apply_patch(read_experiment(document), patch).given()


@pytest.mark.parametrize(
    ("document", "patch", "expected"),
    [
        ({"seed": 1}, {}, {"seed": 1}),
        ({"seed": 1}, {"seed": 2}, {"seed": 2}),
        ({"data": {"noise": 5, "samples": 50}}, {"data": {"noise": 6}}, {"data": {"noise": 6, "samples": 50}}),
        ({}, {"training": {"optimizer": {"learning_rate": 1}}}, {"training": {"optimizer": {"learning_rate": 1}}}),
        # null removes: the default returns
        ({"seed": 1, "data": {"noise": 5}}, {"seed": None, "data": {"noise": None}}, {"data": {}}),
        ({"data": {"noise": 5}}, {"data": None}, {}),
        ({}, {"data": {"noise": None}}, {"data": {}}),
        (
            {"data": {"validation_fraction": 0.1}, "training": {"early_stopping": {"patience": 3}}},
            {"training": {"early_stopping": None}},
            {"data": {"validation_fraction": 0.1}, "training": {}},
        ),
        # arrays are replaced whole
        (
            {"network": {"layers": [{"units": 8, "activation": "relu"}, {"units": 3}]}},
            {"network": {"layers": [{"units": 5}]}},
            {"network": {"layers": [{"units": 5}]}},
        ),
        (
            {"data": {"features": ["x1", "x2", "radius"]}},
            {"data": {"features": ["x2"]}},
            {"data": {"features": ["x2"]}},
        ),
        # a new kind drops what it lacks and keeps what it shares
        (
            {"data": {"kind": "spiral", "classes": 4, "noise": 5, "samples": 60}},
            {"data": {"kind": "circle"}},
            {"data": {"kind": "circle", "noise": 5, "samples": 60}},
        ),
        (
            {"data": {"kind": "spiral", "classes": 4}},
            {"data": {"kind": "blobs"}},
            {"data": {"kind": "blobs", "classes": 4}},
        ),
        ({"data": {"samples": 99}}, {"data": {"kind": "iris"}}, {"data": {"kind": "iris"}}),
        (
            {"training": {"optimizer": {"kind": "momentum", "momentum": 0.5, "learning_rate": 1}}},
            {"training": {"optimizer": {"kind": "adam", "beta1": 0.5}}},
            {"training": {"optimizer": {"kind": "adam", "beta1": 0.5, "learning_rate": 1}}},
        ),
        (
            {"network": {"init": {"scale": 2, "bias": 1}}},
            {"network": {"init": {"kind": "zeros"}}},
            {"network": {"init": {"kind": "zeros", "bias": 1}}},
        ),
        # ... but not what only shares its name
        (
            {"data": {"kind": "iris", "columns": ["sepal_length", "sepal_width"], "noise": 1}},
            {"data": {"kind": "wine"}},
            {"data": {"kind": "wine", "noise": 1}},
        ),
        # the same kind once more changes nothing
        (
            {"data": {"kind": "iris", "columns": ["sepal_length", "sepal_width"]}},
            {"data": {"kind": "iris"}},
            {"data": {"kind": "iris", "columns": ["sepal_length", "sepal_width"]}},
        ),
        # no kind is the default kind
        ({"data": {"kind": "spiral", "classes": 4, "noise": 5}}, {"data": {"kind": None}}, {"data": {"noise": 5}}),
    ],
)
def test_merging(document: dict[str, JsonValue], patch: JsonValue, expected: dict[str, JsonValue]) -> None:
    assert patched(document, patch) == expected


@given(experiment=experiments())
def test_an_empty_patch_changes_nothing(experiment: Experiment) -> None:
    assert apply_patch(experiment, {}) == experiment


@given(experiment=experiments(), chosen=st.data(), optimizer=optimizer_documents)
def test_a_change_of_kind_is_always_a_whole_change(
    experiment: Experiment, chosen: st.DataObject, optimizer: dict[str, JsonValue]
) -> None:
    data = chosen.draw(DATA[type(experiment)])
    if data["kind"] == "points":
        data |= {other: None for other in ("points", "dataset") if other not in data}
    parts: dict[str, JsonValue] = {"early_stopping": None, "optimizer": optimizer}
    fractions: dict[str, JsonValue] = {"train_fraction": None, "validation_fraction": None}
    changed = apply_patch(experiment, {"data": {**fractions, **data}, "training": parts})
    assert changed.data.kind == data["kind"]
    given = changed.given()["training"]["optimizer"]
    assert {key: given[key] for key in optimizer} == optimizer


@given(old=experiments(), new=experiment_documents())
def test_a_patch_can_lead_from_anywhere_to_anywhere(old: Experiment, new: dict[str, JsonValue]) -> None:
    emptied = apply_patch(old, {"family": None, "seed": None, "data": None, "network": None, "training": None})
    assert emptied == PlaneExperiment()
    assert apply_patch(emptied, new) == read_experiment(without_nulls(new))


@given(old=experiments(), new=experiments())
def test_the_difference_leads_from_one_to_the_other(old: Experiment, new: Experiment) -> None:
    after = apply_patch(old, difference(old, new))
    assert after == new
    assert without_nulls(after.given()) == without_nulls(new.given())


@given(old=experiments(), new=experiments())
def test_a_family_that_learns_from_something_else_begins_with_its_own_parts(old: Experiment, new: Experiment) -> None:
    changed = apply_patch(old, {"family": new.family})
    assert (changed.family, changed.seed) == (new.family, old.seed)
    kept = old if type(old) is type(new) else default_experiment(new.family)
    for section in SECTIONS:
        assert getattr(changed, section) == getattr(kept, section)


def test_a_change_of_form_is_one_patch() -> None:
    spiral: dict[str, JsonValue] = {
        "seed": 3,
        "data": {"kind": "spiral", "noise": 5},
        "training": {"optimizer": {"kind": "sgd"}},
    }
    patch: dict[str, JsonValue] = {"family": "cnn", "data": {"kind": "shapes", "task": "detection"}}
    changed = patched(spiral, patch)
    assert changed == {"seed": 3, **patch}
    back = apply_patch(read_experiment(changed), {"family": "mlp"})
    assert back.given() == {"seed": 3, "family": "mlp"}


@pytest.mark.parametrize(
    ("document", "patch", "expected"),
    [
        ({"data": {"augmentation": {"copies": 2}}}, {"data": {"kind": "digits"}}, {"copies": 2}),
        ({"data": {"augmentation": {"copies": 2}}}, {"data": {"kind": "shapes"}}, {"copies": 2}),
        (
            {"data": {"augmentation": {"copies": 2}}},
            {"data": {"augmentation": {"flip": True}}},
            {"copies": 2, "flip": True},
        ),
        ({"training": {"optimizer": {"beta1": 0.5}}}, {"training": {"optimizer": {"kind": "adam"}}}, {"beta1": 0.5}),
    ],
)
def test_no_kind_is_the_usual_one_of_the_form(
    document: dict[str, JsonValue], patch: JsonValue, expected: dict[str, JsonValue]
) -> None:
    changed = patched({"family": "cnn", **document}, patch)
    found = changed["data"]["augmentation"] if "data" in document else changed["training"]["optimizer"]
    assert {name: found[name] for name in expected} == expected


@given(experiment=experiments())
def test_what_is_the_same_has_no_difference(experiment: Experiment) -> None:
    assert difference(experiment, experiment) == {}


def test_a_difference_says_no_more_than_what_changed() -> None:
    old = parse_value(PlaneExperiment, {"seed": 4, "data": {"kind": "spiral", "classes": 3, "noise": 5, "samples": 60}})
    new = parse_value(PlaneExperiment, {"seed": 4, "data": {"kind": "circle", "noise": 5}, "network": {"init": {}}})
    assert difference(old, new) == {"data": {"kind": "circle", "samples": None}, "network": {"init": {}}}
    assert difference(new, old) == {"data": {"kind": "spiral", "classes": 3, "samples": 60}, "network": None}


def without_nulls(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """A merge patch cannot set a field to null."""
    return {
        key: without_nulls(item) if isinstance(item, dict) else item for key, item in value.items() if item is not None
    }


@pytest.mark.parametrize(
    ("patch", "paths"),
    [
        ({"data": {"kind": "galaxy"}}, ["data.kind"]),
        ({"data": {"kind": "iris", "classes": 3}}, ["data.classes"]),
        ({"data": {"classes": 3}}, ["data.classes"]),
        ({"data": 5}, ["data"]),
        ({"network": {"layers": {"0": {"units": 3}}}}, ["network.layers"]),
        (
            {"network": {"layers": [{"units": 0}, {"units": 3, "size": 1}]}},
            ["network.layers.0.units", "network.layers.1.size"],
        ),
        ({"training": {"early_stopping": {}}}, [""]),
        ({"colour": "red"}, ["colour"]),
    ],
)
def test_a_bad_patch_is_refused_with_its_fields(patch: JsonValue, paths: list[str]) -> None:
    before = PlaneExperiment()
    with pytest.raises(InvalidInput) as raised:
        apply_patch(before, patch)
    assert [error.path for error in raised.value.errors] == paths
    assert before == PlaneExperiment()


@pytest.mark.parametrize("patch", [[], 5, "x", None, [{"seed": 1}]])
def test_a_patch_is_an_object(patch: JsonValue) -> None:
    with pytest.raises(MalformedInput):
        apply_patch(PlaneExperiment(), patch)


def test_a_patch_nested_without_end_is_malformed() -> None:
    patch: JsonValue = {}
    for _ in range(500):
        patch = {"data": patch}
    with pytest.raises(MalformedInput, match="deep"):
        apply_patch(PlaneExperiment(), patch)


def at(document: dict[str, JsonValue], values: dict[str, JsonValue]) -> dict[str, JsonValue]:
    experiment = parse_value(PlaneExperiment, document)
    return apply_patch(experiment, patch_at(experiment, values)).given()


def test_fields_are_set_by_their_paths() -> None:
    values: dict[str, JsonValue] = {"seed": 3, "training.optimizer.kind": "adam", "training.optimizer.beta1": 0.5}
    assert at({"data": {"noise": 5}}, values) == {
        "data": {"noise": 5},
        "seed": 3,
        "training": {"optimizer": {"kind": "adam", "beta1": 0.5}},
    }


def test_a_path_may_lead_into_a_layer_and_the_others_stay() -> None:
    layers: list[JsonValue] = [{"units": 8, "activation": "relu"}, {"units": 3}]
    values: dict[str, JsonValue] = {"network.layers.1.units": 5, "network.layers.1.dropout": 0.5}
    expected = [{"units": 8, "activation": "relu"}, {"units": 5, "dropout": 0.5}]
    assert at({"network": {"layers": layers}}, values)["network"] == {"layers": expected}
    assert at({}, {"network.layers.0.units": 7})["network"] == {"layers": [{"units": 7}, {"units": 2}]}


@pytest.mark.parametrize(
    "path", ["network.layers.2.units", "network.layers.x.units", "network.layers.", "network.depth"]
)
def test_what_is_not_there_cannot_be_set(path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        at({}, {path: 1})
    assert refused.value.errors[0].path == path


def test_one_field_cannot_be_a_part_of_another() -> None:
    with pytest.raises(InvalidInput, match="contradicts"):
        at({}, {"training.optimizer.kind": "adam", "training.optimizer": {}})
