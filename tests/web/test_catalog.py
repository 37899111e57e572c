"""The catalog says what the schemas allow: whatever it offers can be chosen, whatever it bounds is bounded."""

from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

from app.data.registry import generate
from app.errors import InvalidInput
from app.families.registry import FAMILIES
from app.schemas.data import DATA_KINDS, Points
from app.schemas.experiment import (
    Experiment,
    ExperimentDocument,
    PlaneExperiment,
    as_plane,
    default_experiment,
    read_experiment,
)
from app.schemas.fixed import FIXED, TASKS
from app.schemas.network import INITIALIZERS, DenseLayer
from app.schemas.picture_data import PICTURE_DATA_KINDS
from app.schemas.picture_network import PICTURE_LAYERS
from app.schemas.resolve import Problem, resolve
from app.schemas.training import CLIPPINGS, OPTIMIZERS, SCHEDULES
from app.settings import Settings
from app.web.api.catalog import server_catalog
from tests.web.conftest import LIMIT


class Union(NamedTuple):
    """What the catalog lists under one name: where it stands in an Experiment of which family, and what is united."""

    family: str
    path: str
    models: tuple[type[BaseModel], ...]


UNION_LISTS = {
    "data": Union("mlp", "data", DATA_KINDS),
    "picture_data": Union("cnn", "data", PICTURE_DATA_KINDS),
    "layers": Union("mlp", "network.layers", (DenseLayer,)),
    "picture_layers": Union("cnn", "network.layers", PICTURE_LAYERS),
    "initializers": Union("mlp", "network.init", INITIALIZERS),
    "optimizers": Union("mlp", "training.optimizer", OPTIMIZERS),
    "schedules": Union("mlp", "training.schedule", SCHEDULES),
    "clippings": Union("mlp", "training.clipping", CLIPPINGS),
}
PROBLEMS = {
    "regression": ("mlp", Problem("regression")),
    "two_classes": ("mlp", Problem("classification", 2)),
    "several_classes": ("mlp", Problem("classification", 4)),
    "detection": ("cnn", Problem("detection", 4)),
}


@pytest.fixture
def catalog(client: TestClient) -> dict[str, Any]:
    response = client.get("/api/v1/catalog")
    assert response.status_code == 200
    return response.json()


def _experiment(path: str, value: object, family: str = "mlp") -> Experiment:
    first, *steps = path.split(".")
    for step in reversed(steps):
        value = {step: value}
    return read_experiment({"family": family, first: value})


def _chosen(union: Union, part: dict[str, Any]) -> None:
    """Raises InvalidInput where it cannot be."""
    _experiment(union.path, [part] if union.path == "network.layers" else part, union.family)


def test_every_kind_of_every_union_is_listed(catalog: dict[str, Any]) -> None:
    for name, union in UNION_LISTS.items():
        kinds = [model.model_fields["kind"].default for model in union.models]
        assert [choice["kind"] for choice in catalog[name]] == kinds
        assert all(choice["title"] and choice["description"] for choice in catalog[name])


def test_every_kind_can_be_chosen_with_its_defaults(catalog: dict[str, Any]) -> None:
    for name, union in UNION_LISTS.items():
        for choice in catalog[name]:
            if choice["kind"] not in ("points", "pictures"):
                defaults = {field["name"]: field["default"] for field in choice["fields"]}
                _chosen(union, {"kind": choice["kind"], **defaults})


def test_values_beyond_the_bounds_are_refused(catalog: dict[str, Any]) -> None:
    beyond = {"minimum": -1, "maximum": 1, "exclusive_minimum": 0, "exclusive_maximum": 0}
    tried = 0
    for name, union in UNION_LISTS.items():
        for choice in catalog[name]:
            for field in choice["fields"]:
                for bound, step in beyond.items():
                    if bound in field:
                        with pytest.raises(InvalidInput):
                            _chosen(union, {"kind": choice["kind"], field["name"]: field[bound] + step})
                        tried += 1
    assert tried > 100


def test_task_of_each_kind_of_data_is_what_it_turns_out_to_be(catalog: dict[str, Any]) -> None:
    tasks = {choice["kind"]: choice["task"] for choice in catalog["data"]}
    assert tasks.pop("points") is None
    for model in DATA_KINDS:
        if model is not Points:
            spec = as_plane(_experiment("data", {"kind": model.model_fields["kind"].default})).data
            assert tasks[spec.kind] == generate(spec, 0, None).problem.task


def test_losses_fit_the_tasks_they_are_said_to_fit(catalog: dict[str, Any]) -> None:
    for loss in catalog["losses"]:
        for task, (family, problem) in PROBLEMS.items():
            experiment = _experiment("training.loss", loss["name"], family)
            if task in loss["tasks"]:
                resolve(experiment, problem)
            else:
                with pytest.raises(InvalidInput):
                    resolve(experiment, problem)
            default = resolve(default_experiment(family), problem).training.loss == loss["name"]
            assert default == (task in loss["default_for"])


def test_names_can_be_chosen(catalog: dict[str, Any]) -> None:
    _experiment("data.features", catalog["features"])
    for scaling in catalog["scalings"]:
        _experiment("data.scaling", scaling)
    for activation in catalog["activations"]:
        _experiment("network.layers", [{"activation": activation}])
    for activation in catalog["output_activations"]:
        _experiment("network.output_activation", activation)


def test_fields_that_hold_names_list_them(catalog: dict[str, Any]) -> None:
    fields = {field["name"]: field for field in catalog["layers"][0]["fields"]}
    assert fields["activation"]["choices"] == catalog["activations"]
    wine = next(choice for choice in catalog["data"] if choice["kind"] == "wine")
    columns = next(field for field in wine["fields"] if field["name"] == "columns")
    assert "proline" in columns["choices"]


def test_commands_are_listed_with_their_fields(catalog: dict[str, Any]) -> None:
    commands = {command["kind"]: command for command in catalog["commands"]}
    assert set(commands) == {"play", "pause", "step", "rewind", "reset", "speed", "edit", "look", "undo", "redo"}
    speed = commands["speed"]["fields"][0]
    assert (speed["name"], speed["required"], speed["nullable"]) == ("epochs_per_second", True, True)
    assert "default" not in speed


def test_limits_are_those_of_schema_and_server(catalog: dict[str, Any]) -> None:
    limits = catalog["limits"]
    assert (limits["layers"], limits["units"], limits["samples"]) == (8, 64, 8_192)
    assert limits["body_bytes"] == LIMIT


@pytest.mark.parametrize("single_user", [True, False])
def test_limits_of_a_visitor_are_told_where_there_are_several(*, single_user: bool) -> None:
    limits = server_catalog(Settings(single_user=single_user)).limits
    own = (
        limits.runs_per_visitor,
        limits.running_runs_per_visitor,
        limits.compute_seconds_per_visitor,
        limits.compute_refill,
        limits.waiting_compiles_per_visitor,
        limits.requests_per_second,
    )
    assert [value is None for value in own] == [single_user] * len(own)
    assert limits.parameters > 0


def test_defaults_and_schema_are_the_experiments(catalog: dict[str, Any]) -> None:
    assert catalog["defaults"] == PlaneExperiment().document()
    assert catalog["schema"] == ExperimentDocument.model_json_schema()


def test_families_name_their_metrics_and_frames(catalog: dict[str, Any]) -> None:
    assert [family["name"] for family in catalog["families"]] == list(FAMILIES)
    for family in catalog["families"]:
        assert tuple(family["metrics"]) == TASKS[family["name"]]
        assert all(names[0] == "loss" for names in family["metrics"].values())
        assert family["sees"] == FAMILIES[family["name"]].sees
        assert set(family["parts"]) <= set(catalog["frame_parts"])
        assert list(FIXED[family["name"]]) == family["fixed"]
