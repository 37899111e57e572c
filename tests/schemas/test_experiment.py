import json
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, JsonValue, ValidationError

from app.errors import InvalidInput, MalformedInput
from app.schemas.document import parse, parse_value
from app.schemas.experiment import (
    FAMILY_NAMES,
    UNIONS,
    Experiment,
    PlaneExperiment,
    default_experiment,
    experiment_schema,
    parse_experiment,
    read_experiment,
    union_member,
    usual_kind,
)
from tests.schemas.strategies import experiment_documents, experiments

# The reference's defaults (reference-2d.md), written out once more.
DEFAULT: dict[str, JsonValue] = {
    "version": 1,
    "family": "mlp",
    "seed": 0,
    "data": {
        "kind": "circle",
        "noise": 0,
        "train_fraction": 0.5,
        "validation_fraction": 0,
        "features": ["x1", "x2"],
        "scaling": "none",
    },
    "network": {
        "layers": [
            {"kind": "dense", "units": 4, "activation": "tanh", "dropout": 0},
            {"kind": "dense", "units": 2, "activation": "tanh", "dropout": 0},
        ],
        "init": {"kind": "uniform", "scale": 0.5, "bias": 0.1},
    },
    "training": {
        "batch_size": 10,
        "shuffle": True,
        "balance_classes": False,
        "optimizer": {"kind": "sgd", "learning_rate": 0.03},
        "schedule": {"kind": "constant"},
        "regularization": {"l1": 0, "l2": 0},
        "clipping": {"kind": "none"},
    },
}


def faults(document: dict[str, JsonValue]) -> list[str]:
    with pytest.raises(InvalidInput) as raised:
        parse_value(PlaneExperiment, document)
    return [error.path for error in raised.value.errors]


def test_a_family_is_a_whole_experiment() -> None:
    experiment = parse(PlaneExperiment, '{"family": "mlp"}')
    assert experiment == PlaneExperiment()
    assert experiment.document() == DEFAULT
    assert experiment.given() == {"family": "mlp"}


def test_a_new_layer_has_two_units() -> None:
    assert parse_value(PlaneExperiment, {"network": {"layers": [{}]}}).network.layers[0].units == 2


def test_a_missing_kind_means_the_default_one() -> None:
    assert parse_value(PlaneExperiment, {"data": {"noise": 5}}).data.kind == "circle"
    assert (
        parse_value(PlaneExperiment, {"training": {"optimizer": {"learning_rate": 1}}}).training.optimizer.kind == "sgd"
    )


def test_experiments_never_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        PlaneExperiment().__setattr__("seed", 3)


@given(document=experiment_documents())
def test_explicit_defaults_make_no_difference(document: dict[str, JsonValue]) -> None:
    experiment = read_experiment(document)
    written_out = read_experiment(experiment.document())
    assert written_out.canonical() == experiment.canonical()
    assert written_out.digest() == experiment.digest()
    assert parse_experiment(experiment.canonical()).digest() == experiment.digest()
    assert read_experiment(experiment.given()) == experiment


@given(document=experiment_documents(), random=st.randoms(use_true_random=False))
def test_the_order_of_fields_makes_no_difference(document: dict[str, JsonValue], random: Random) -> None:
    def shuffled(value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            keys = sorted(value)
            random.shuffle(keys)
            return {key: shuffled(value[key]) for key in keys}
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    text = json.dumps(shuffled(document))
    assert parse_experiment(text).digest() == read_experiment(document).digest()


def test_canonical_form_is_sorted_and_bare() -> None:
    experiment = parse_value(PlaneExperiment, {"data": {"noise": 5.0, "samples": None}, "seed": 7})
    text = experiment.canonical().decode()
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
    assert '"noise":5,' in text
    assert "samples" not in text


def test_the_digest_of_the_default_is_known() -> None:
    """Links and caches that people keep depend on it: changing a default needs a new version of the document."""
    canonical = json.dumps(DEFAULT, sort_keys=True, separators=(",", ":"))
    assert PlaneExperiment().canonical().decode() == canonical
    assert PlaneExperiment().digest() == "71ac2c13c41e0bf22c9f0a4f381d57011145047c256217e461812c6ef5b18ca2"


@given(one=experiments(), other=experiments())
def test_digests_tell_experiments_apart(one: Experiment, other: Experiment) -> None:
    assert (one.digest() == other.digest()) == (one.canonical() == other.canonical())


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"colour": 1}, ["colour"]),
        ({"version": 2}, ["version"]),
        ({"family": "gan"}, ["family"]),
        ({"seed": "7"}, ["seed"]),
        ({"seed": 2**32}, ["seed"]),
        ({"seed": -1}, ["seed"]),
        ({"seed": True}, ["seed"]),
        ({"data": None}, ["data"]),
        ({"data": []}, ["data"]),
        ({"data": {"kind": "galaxy"}}, ["data.kind"]),
        ({"data": {"kind": 7}}, ["data.kind"]),
        ({"data": {"noise": 50.5}}, ["data.noise"]),
        ({"data": {"noise": "5"}}, ["data.noise"]),
        ({"data": {"noise": float("nan")}}, ["data.noise"]),
        ({"data": {"noise": float("inf")}}, ["data.noise"]),
        ({"data": {"classes": 3}}, ["data.classes"]),
        ({"data": {"circle": 3}}, ["data.circle"]),
        ({"data": {"samples": 9}}, ["data.samples"]),
        ({"data": {"features": []}}, ["data.features"]),
        ({"data": {"features": ["x1", "x1"]}}, ["data"]),
        ({"data": {"train_fraction": 0.9, "validation_fraction": 0.1}}, ["data"]),
        ({"data": {"kind": "points"}}, ["data"]),
        ({"data": {"kind": "points", "points": [[0, 0, 1], [1, 1, 0]], "dataset": "0" * 32}}, ["data"]),
        ({"data": {"kind": "points", "points": [[0, 0, 1], [1, 1, 0]], "noise": 99}}, ["data.noise"]),
        ({"data": {"kind": "points", "points": [[0, 0, 1], [1, "a", 0], [1, 2, 0]]}}, ["data.points.1.1"]),
        ({"data": {"kind": "points", "points": [[0, 0, 1], [1, 2], [1, 2, 0]]}}, ["data.points.1.2"]),
        ({"data": {"kind": "points", "dataset": "../../etc/passwd"}}, ["data.dataset"]),
        ({"data": {"kind": "points", "dataset": "0" * 32, "domain": [[-6, 6], [3, 3]]}}, ["data"]),
        ({"network": {"layers": [{"units": 4}, {"units": 65}]}}, ["network.layers.1.units"]),
        ({"network": {"layers": [{"units": 4}] * 9}}, ["network.layers"]),
        ({"network": {"layers": [{"kind": "conv"}]}}, ["network.layers.0.kind"]),
        ({"network": {"layers": {"0": {"units": 4}}}}, ["network.layers"]),
        ({"network": {"init": {"kind": "xavier", "scale": 1}}}, ["network.init.scale"]),
        ({"training": {"optimizer": {"kind": "momentum", "momentum": 1}}}, ["training.optimizer.momentum"]),
        (
            {"training": {"optimizer": {"kind": "momentum", "momentum": 0.5, "learning_rate": -1}}},
            ["training.optimizer.learning_rate"],
        ),
        ({"training": {"schedule": {"kind": "step", "gamma": 2}}}, ["training.schedule.gamma"]),
        ({"training": {"early_stopping": {}}}, [""]),
        (
            {"training": {"batch_size": 0, "loss": "guess"}, "seed": 1.5},
            ["seed", "training.loss", "training.batch_size"],
        ),
    ],
)
def test_errors_name_fields_as_they_were_written(document: dict[str, JsonValue], expected: list[str]) -> None:
    assert faults(document)[: len(expected)] == expected


def test_a_sentence_tells_the_first_error_and_how_many_there_are() -> None:
    with pytest.raises(InvalidInput) as raised:
        parse_value(PlaneExperiment, {"seed": -1, "data": {"noise": 99}})
    assert raised.value.detail == "seed: input should be greater than or equal to 0 (and 1 more)."


def test_a_flood_of_errors_is_cut() -> None:
    assert len(faults({f"field{index}": 1 for index in range(1_000)})) == 50


@pytest.mark.parametrize("text", ["", "{", "nothing", b"\xff\xfe", '{"data":' * 10_000, '{"seed": 1,}', '"\\ud800"'])
def test_what_is_not_json_is_malformed(text: str | bytes) -> None:
    with pytest.raises(MalformedInput, match="not valid JSON"):
        parse(PlaneExperiment, text)


@pytest.mark.parametrize("text", ["[]", "5", '"mlp"', "null", "true"])
def test_what_is_no_object_is_invalid(text: str) -> None:
    with pytest.raises(InvalidInput, match="must be a JSON object"):
        parse(PlaneExperiment, text)


def test_text_that_json_cannot_hold_is_malformed() -> None:
    with pytest.raises(MalformedInput):
        parse_value(PlaneExperiment, {"family": "\ud800"})


@pytest.mark.parametrize(("path", "members"), UNIONS.items())
def test_each_kind_of_a_union_can_be_named_and_asks_for_nothing_else(
    path: str, members: tuple[type[BaseModel], ...]
) -> None:
    for model in members:
        kind = model.model_fields["kind"].default
        assert union_member(path, kind) is model
        part: dict[str, JsonValue] = {"kind": kind, **NEEDS.get(kind, {})}
        found = [
            value
            for family in FAMILY_NAMES
            if (value := _with_part(family, path, [part] if path == "network.layers" else part)) is not None
        ]
        assert any(isinstance(value, model) for value in found)
        assert all(value.model_dump()["kind"] == kind for value in found)
    assert union_member(path, "nothing") is None


NEEDS: Mapping[str, dict[str, JsonValue]] = {
    "points": {"points": [[0, 0, 0], [1, 1, 1]]},
    "pictures": {"dataset": "0" * 16},
}


def _with_part(family: str, path: str, part: Mapping[str, object]) -> BaseModel | None:
    """What stands at `path` of an Experiment of which this part is given; nothing where its family knows none such."""
    document: Any = part
    for step in reversed(path.split(".")):
        document = {step: document}
    try:
        value: Any = read_experiment({"family": family, **document})
    except InvalidInput:
        return None
    for step in path.split("."):
        value = getattr(value, step)
    found: BaseModel = value[0] if type(value) is tuple else value
    return found


@pytest.mark.parametrize("family", FAMILY_NAMES)
@pytest.mark.parametrize("path", [path for path in UNIONS if path != "network.layers"])
def test_the_usual_kind_of_a_form_is_what_a_part_without_a_kind_is_of(family: str, path: str) -> None:
    part = _with_part(family, path, {})
    assert part is not None
    assert usual_kind(type(default_experiment(family)), path) == part.model_dump()["kind"]
    assert part == _with_part(family, path, {"kind": usual_kind(type(default_experiment(family)), path)})


def test_json_schema_lets_only_the_default_of_a_union_go_without_its_kind() -> None:
    data: list[dict[str, Any]] = PlaneExperiment.model_json_schema()["properties"]["data"]["oneOf"]
    assert [member["$ref"] for member in data if member.get("required") != ["kind"]] == ["#/$defs/Circle"]


def test_json_schema_tells_both_forms_by_their_families() -> None:
    schema = experiment_schema()
    plane, pictures = (schema["$defs"][form["$ref"].removeprefix("#/$defs/")] for form in schema["oneOf"])
    assert "family" not in plane.get("required", [])
    assert pictures["required"] == ["family"]
    families = [*plane["properties"]["family"]["enum"], pictures["properties"]["family"]["const"]]
    assert tuple(families) == FAMILY_NAMES
    usual = [member["$ref"] for member in pictures["properties"]["data"]["oneOf"] if "required" not in member]
    assert usual == ["#/$defs/Digits"]
