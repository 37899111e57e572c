"""Forms become merge patches that are whole."""

import pytest

from app.errors import FieldError, InvalidInput
from app.schemas.data import Circle
from app.schemas.document import parse_value
from app.schemas.experiment import PlaneExperiment, as_plane
from app.schemas.patch import apply_patch
from app.schemas.resolve import Problem, resolve
from app.schemas.training import EarlyStopping, Training
from app.web.lab.forms import completed, patch_from_form, without_misfits

DEFAULT = PlaneExperiment()


def test_a_field_is_typed_and_nested_by_its_path() -> None:
    patch = patch_from_form([("training.optimizer.learning_rate", "0.3"), ("training.shuffle", "false")], DEFAULT)
    assert patch == {"training": {"optimizer": {"learning_rate": 0.3}, "shuffle": False}}


def test_an_empty_field_takes_its_default_again() -> None:
    patch = patch_from_form([("data.samples", ""), ("training.early_stopping", "")], DEFAULT)
    assert patch == {"data": {"samples": None}, "training": {"early_stopping": None}}


def test_features_are_one_list_in_the_order_of_the_schema() -> None:
    fields = [("data.features", "x1*x2"), ("data.features", ""), ("data.features", "x2")]
    assert patch_from_form(fields, DEFAULT) == {"data": {"features": ["x2", "x1*x2"]}}


def test_no_feature_at_all_is_refused_by_the_schema() -> None:
    patch = patch_from_form([("data.features", "")], DEFAULT)
    with pytest.raises(InvalidInput) as refusal:
        apply_patch(DEFAULT, patch)
    assert refusal.value.errors[0].path == "data.features"


def test_a_random_seed_is_drawn() -> None:
    drawn = {patch_from_form([("seed", "random")], DEFAULT)["seed"] for _ in range(5)}
    assert len(drawn) > 1
    assert all(isinstance(seed, int) for seed in drawn)


def test_a_field_of_a_layer_becomes_the_whole_array() -> None:
    patch = patch_from_form([("network.layers.1.activation", "relu")], DEFAULT)
    layers = as_plane(apply_patch(DEFAULT, patch)).network.layers
    assert [(layer.units, layer.activation) for layer in layers] == [(4, "tanh"), (2, "relu")]


def test_a_field_of_a_layer_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no hidden layer"):
        patch_from_form([("network.layers.2.units", "3")], DEFAULT)


def test_early_stopping_brings_a_validation_part() -> None:
    patch = completed({"training": {"early_stopping": {}}}, DEFAULT)
    changed = apply_patch(DEFAULT, patch)
    assert changed.training.early_stopping is not None
    assert changed.data.validation_fraction > 0


def test_without_a_validation_part_early_stopping_goes() -> None:
    stopping = PlaneExperiment(
        data=Circle(validation_fraction=0.2), training=Training(early_stopping=EarlyStopping(patience=5))
    )
    changed = apply_patch(stopping, completed({"data": {"validation_fraction": 0}}, stopping))
    assert changed.training.early_stopping is None


def test_a_loss_that_no_longer_fits_is_given_up() -> None:
    error = InvalidInput("", (FieldError("training.loss", "does not fit"),))
    relaxed = without_misfits({"data": {"kind": "rings"}}, error)
    assert relaxed == {"data": {"kind": "rings"}, "training": {"loss": None}}


@pytest.mark.parametrize(
    ("patch", "path"), [({"training": {"loss": "hinge"}}, "training.loss"), ({"data": {"noise": 99}}, "data.noise")]
)
def test_what_a_patch_asks_for_itself_is_not_given_up(patch: dict[str, object], path: str) -> None:
    assert without_misfits(patch, InvalidInput("", (FieldError(path, "no"),))) is None


def test_what_another_family_lacks_is_given_up_in_one_patch() -> None:
    given = parse_value(
        PlaneExperiment,
        {
            "data": {"kind": "plane", "noise": 20},
            "network": {"layers": [{"units": 3}], "init": {"kind": "he"}},
            "training": {"loss": "huber", "optimizer": {"kind": "adam", "learning_rate": 0.3}},
        },
    )
    with pytest.raises(InvalidInput) as raised:
        resolve(as_plane(apply_patch(given, {"family": "perceptron"})), Problem("regression"))
    relaxed = without_misfits({"family": "perceptron"}, raised.value)
    assert relaxed is not None
    with pytest.raises(InvalidInput) as raised:
        resolve(as_plane(apply_patch(given, relaxed)), Problem("regression"))
    relaxed = without_misfits(relaxed, raised.value)
    assert relaxed is not None
    changed = as_plane(apply_patch(given, relaxed))
    resolve(changed, Problem("classification", 2))
    assert (changed.family, changed.data.kind, changed.data.noise) == ("perceptron", "circle", 20)
    assert (changed.network.init.kind, changed.training.optimizer.learning_rate) == ("he", 0.3)


def test_another_problem_takes_its_usual_data() -> None:
    assert patch_from_form([("problem", "regression")], PlaneExperiment()) == {"data": {"kind": "plane"}}
    assert patch_from_form([("problem", "classification")], PlaneExperiment()) == {"data": {"kind": "circle"}}
    with pytest.raises(InvalidInput):
        patch_from_form([("problem", "philosophy")], PlaneExperiment())
