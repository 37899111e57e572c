"""A finding is told of runs that have its cause, at the right layer; its repair heals them; healthy runs have none."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from app.diagnosis.detectors import DETECTORS
from app.presets.library import presets
from app.presets.preset import Preset
from app.schemas.finding import Finding
from tests.diagnosis.cases import Patient, patient
from tests.engine.cases import layers
from tests.nn.reference_training import network_of

Document = dict[str, Any]
PRESETS = {preset.id: preset for preset in presets()}
_REGRESSION: Document = {"kind": "multi_gaussian", "samples": 400}


def of_preset(name: str) -> Document:
    return PRESETS[name].experiment.given()


@dataclass(frozen=True)
class Ill:
    """A run with one cause, and where it shows."""

    name: str
    code: str
    document: Document = field(hash=False)
    epochs: int
    layer: int | None = None


ILL = [
    Ill("a learning rate of 10", "diverged", of_preset("too-fast"), 50, 2),
    Ill(
        "large weights of relu",
        "diverged",
        {
            "data": _REGRESSION,
            "network": {"layers": layers(8, 8, 8, activation="relu"), "init": {"kind": "uniform", "scale": 3.0}},
        },
        20,
        3,
    ),
    Ill("a learning rate of 3", "learning_rate_too_high", {"training": {"optimizer": {"learning_rate": 3.0}}}, 40),
    Ill(
        "adam with a learning rate of 1",
        "learning_rate_too_high",
        {"training": {"optimizer": {"kind": "adam", "learning_rate": 1.0}}},
        40,
    ),
    Ill("a learning rate of 0.0001", "learning_rate_too_low", of_preset("too-slow"), 40),
    Ill("biases of -8", "dead_neurons", of_preset("dead-neurons"), 20, 0),
    Ill(
        "large biases",
        "saturated_neurons",
        {"network": {"layers": layers(4, 4), "init": {"kind": "uniform", "bias": 8.0}}},
        30,
        0,
    ),
    Ill("six layers of sigmoid", "vanishing_gradients", of_preset("vanishing"), 60, 0),
    Ill(
        "large weights in deep layers",
        "exploding_gradients",
        {
            "data": _REGRESSION,
            "network": {"layers": layers(8, 8, 8, 8, 8, activation="relu"), "init": {"kind": "uniform", "scale": 2.0}},
            "training": {"optimizer": {"kind": "adam", "learning_rate": 0.001}},
        },
        2,
        2,
    ),
    Ill("a large network and few points", "overfitting", of_preset("by-heart"), 400),
    Ill(
        "two neurons for four rings",
        "underfitting",
        PRESETS["rings"].suggested.given(),
        300,
    ),
    Ill("linear layers", "no_bend", of_preset("no-bend"), 30),
    Ill("no layer at all", "no_bend", {"data": {"kind": "circle"}, "network": {"layers": []}}, 30),
    Ill("linear layers and values", "no_bend", {"data": _REGRESSION, "network": {"layers": []}}, 30),
    Ill("wine as it is measured", "unscaled_features", of_preset("unscaled"), 60),
    Ill(
        "relu at large steps",
        "dead_neurons",
        {
            "data": _REGRESSION,
            "network": {"layers": layers(8, 8, activation="relu")},
            "training": {"optimizer": {"kind": "adam", "learning_rate": 0.05}},
        },
        60,
        1,
    ),
    Ill("plain descent on a spiral", "underfitting", PRESETS["adam"].suggested.given(), 200),
    Ill("a strong penalty", "vanishing_gradients", PRESETS["weight-decay"].suggested.given(), 100, 0),
    Ill(
        "large orthogonal weights",
        "exploding_gradients",
        {
            "data": _REGRESSION,
            "network": {
                "layers": layers(8, 8, 8, 8, activation="relu"),
                "init": {"kind": "orthogonal", "gain": 4.0},
            },
            "training": {"optimizer": {"kind": "adam", "learning_rate": 0.001}},
        },
        2,
        3,
    ),
    Ill("weights of zero", "symmetric_weights", of_preset("twins"), 60, 0),
]
# Sixty points of one class, six of the other.
RARE: Document = {
    "data": {
        "kind": "points",
        "points": [[x / 10, 1, 0] for x in range(60)] + [[x, -1, 1] for x in range(6)],
        "train_fraction": 0.9,
    }
}
_GRID = [[x / 3, y / 3] for x in range(-6, 7) for y in range(-6, 7)]
# A few points in the midst of many.
DROWNED: Document = {
    "data": {
        "kind": "points",
        "points": [[*point, 0] for point in _GRID] + [[x / 10, 0.1, 1] for x in range(-12, 13)],
        "train_fraction": 0.9,
    },
    "training": {"optimizer": {"kind": "adam"}},
}
HEALTHY = ("one-neuron", "three-neurons", "squares", "spiral-inputs", "adam", "iris", "rings", "slope", "six-classes")


@pytest.mark.e2e  # two trainings each, nearly all of a network of their own
@pytest.mark.parametrize("ill", ILL, ids=lambda ill: f"{ill.code}: {ill.name}")
def test_a_cause_is_found_where_it_is_and_healed_by_its_repair(ill: Ill) -> None:
    before = patient(ill.document, ill.epochs)
    found = before.findings()
    assert ill.code in found
    finding = found[ill.code]
    assert finding.layer == ill.layer
    assert finding.repair is not None
    loss, broken = before.loss, before.divergence is not None
    after = before.repaired(finding.repair).train(ill.epochs)
    assert ill.code not in after.findings()
    assert after.divergence is None
    if ill.code == "overfitting":
        assert after.case.curve("test")[-1] < finding.evidence["test_loss"]
    elif not broken:
        assert after.loss < 0.8 * loss


@pytest.mark.e2e
@pytest.mark.parametrize("name", HEALTHY)
def test_nothing_stands_out_in_a_healthy_run_at_any_time(name: str) -> None:
    preset: Preset = PRESETS[name]
    run = Patient(preset.experiment)
    for until in sorted({0, 1, 3, 10, 30, 100, preset.epochs // 2, preset.epochs}):
        if until <= preset.epochs:
            run.train(until - run.trainer.epoch)
            assert run.findings() == {}, f"after {until} epochs"


def test_a_rare_class_is_told_by_name_and_number() -> None:
    finding = patient(RARE).findings()["class_imbalance"]
    labels = patient(RARE).case.setup.prepared
    counts = np.bincount(labels.labels[: labels.counts[0]].astype(int))
    assert finding.evidence["points_of_the_rarest_class"] == counts[1]
    assert finding.evidence["points_of_the_commonest_class"] == counts[0]
    assert f"{counts[1]} are of class 1" in finding.words


@pytest.mark.parametrize("data", [{"kind": "xor"}, {"kind": "iris", "scaling": "standard"}])
def test_what_no_perceptron_can_part_is_told_with_a_point_and_its_weights(data: Document) -> None:
    run = patient({"family": "perceptron", "data": data}, 20)
    (finding,) = run.findings().values()
    assert finding.code == "not_separable"
    assert "not linearly separable" in finding.words
    prepared, point = run.case.setup.prepared, np.zeros(2)
    for name, value in finding.evidence.items():
        if name.endswith("within"):
            point += value * prepared.inputs[int(name.split("_")[3])]
    assert [finding.evidence[f"common_point_x{axis}"] for axis in (1, 2)] == pytest.approx(point.tolist(), abs=1e-6)


def test_a_perceptron_has_no_findings_of_gradients() -> None:
    assert patient({"family": "perceptron", "data": {"kind": "gaussian"}}, 5).findings() == {}


def recall(run: Patient, label: int) -> float:
    """The share of the training points of a class (0 or 1) that the network finds."""
    prepared, train = run.case.setup.prepared, run.case.trained
    of_class = prepared.labels[:train] == label
    return float(((run.case.responses.outputs[:train, 0] >= 0) == label)[of_class].mean())


def test_a_rare_class_is_found_once_classes_are_balanced() -> None:
    run = patient(DROWNED, 20)
    finding = run.findings()["class_imbalance"]
    assert finding.repair is not None
    before = recall(run, 1)
    healed = run.repaired(finding.repair).train(20)
    assert "class_imbalance" not in healed.findings()
    assert before < 0.5 < 0.8 < recall(healed, 1)


def evidence(document: Document, epochs: int, code: str) -> tuple[Patient, dict[str, float]]:
    run = patient(document, epochs)
    finding: Finding = run.findings()[code]
    return run, finding.evidence


def test_dead_neurons_are_counted_as_an_independent_network_does() -> None:
    network = {"layers": layers(6, 5, activation="relu"), "init": {"bias": -3.0}}
    run, told = evidence({"network": network}, 3, "dead_neurons")
    inputs = run.case.setup.prepared.inputs[: run.case.trained].astype(np.float64)
    hidden = network_of(run.trainer.setup.experiment, run.trainer.tensors()).hidden(inputs)[0]
    assert told["dead_neurons"] == (hidden == 0).all(axis=0).sum()


@pytest.mark.e2e
def test_gradients_are_those_of_the_last_update() -> None:
    run, told = evidence(of_preset("vanishing"), 60, "vanishing_gradients")
    gradients = run.trainer.gradients()
    first, last = (np.linalg.norm(gradients[f"layers.{layer}.weight"].astype(np.float64)) for layer in (0, 6))
    assert told == pytest.approx(
        {"gradient_length": first, "gradient_length_of_output": last, "times_smaller": last / first}
    )


@pytest.mark.e2e
def test_losses_are_those_of_the_curve() -> None:
    run, told = evidence(of_preset("by-heart"), 400, "overfitting")
    column = run.trainer.history.columns.index("test_loss")
    losses = [row[column] for row in run.trainer.history.rows]
    assert (told["test_loss"], told["lowest_test_loss"]) == (losses[-1], min(losses))


@pytest.mark.e2e
def test_a_divergence_is_told_with_step_and_layer() -> None:
    run, told = evidence(of_preset("too-fast"), 50, "diverged")
    assert run.divergence is not None
    assert told["step"] == run.divergence.step == run.trainer.step + 1
    assert run.findings()["diverged"].layer == run.divergence.layer


def test_a_change_of_the_learning_rate_is_judged_by_what_came_after_it() -> None:
    run = patient({"training": {"optimizer": {"learning_rate": 0.0001}}}, 30)
    finding = run.findings()["learning_rate_too_low"]
    assert finding.repair is not None
    assert not finding.repair.reset
    step = run.trainer.step
    assert run.repaired(finding.repair).train(1).findings() == {}
    assert run.trainer.step > step


def test_every_detector_has_a_run_that_it_is_tried_on() -> None:
    tried = {ill.code for ill in ILL} | {"class_imbalance", "not_separable"}
    assert {detect.__name__ for detect in DETECTORS} | {"underfitting"} == tried
