import numpy as np
import pytest

from app.families.mlp import MlpSignature
from app.families.registry import family_of
from tests.engine.cases import layers, metrics, observed, program, setup, trainer
from tests.nn.reference_training import network_of

FAMILY = family_of("mlp")


@pytest.mark.parametrize(
    ("document", "signature"),
    [
        ({}, MlpSignature(2, 8, 1, 512)),
        ({"network": {"layers": []}}, MlpSignature(0, 8, 1, 512)),
        ({"network": {"layers": layers(8, 8)}}, MlpSignature(2, 8, 1, 512)),
        ({"network": {"layers": layers(1, 9)}}, MlpSignature(2, 16, 1, 512)),
        ({"network": {"layers": layers(17, 2)}}, MlpSignature(2, 32, 1, 512)),
        ({"network": {"layers": layers(*[64] * 8)}}, MlpSignature(8, 64, 1, 512)),
        ({"data": {"kind": "plane"}}, MlpSignature(2, 8, 1, 2_048)),
        ({"data": {"samples": 512}}, MlpSignature(2, 8, 1, 512)),
        ({"data": {"samples": 513}}, MlpSignature(2, 8, 1, 2_048)),
        ({"data": {"samples": 8_192}}, MlpSignature(2, 8, 1, 8_192)),
        ({"data": {"kind": "rings"}}, MlpSignature(2, 8, 8, 512)),
        ({"data": {"kind": "rings", "classes": 2}}, MlpSignature(2, 8, 1, 512)),
        ({"training": {"loss": "categorical_cross_entropy"}}, MlpSignature(2, 8, 8, 512)),
    ],
)
def test_signature_holds_buckets_of_sizes_alone(document: dict[str, object], signature: MlpSignature) -> None:
    assert FAMILY.signature(setup(**document)) == signature


@pytest.mark.parametrize(
    "document",
    [
        {"seed": 3},
        {"data": {"kind": "spiral", "noise": 30, "features": ["x1", "radius", "sin(x2)"], "scaling": "min_max"}},
        {"data": {"kind": "points", "points": [[0, 0, 1], [1, 1, 0], [2, 0, 1]]}},
        {"network": {"layers": [{"units": 8, "activation": "sine", "dropout": 0.5}, {"units": 1}]}},
        {"network": {"init": {"kind": "orthogonal"}, "output_activation": "linear"}},
        {"training": {"loss": "hinge", "batch_size": 250, "shuffle": False, "optimizer": {"kind": "lion"}}},
        {"training": {"clipping": {"kind": "norm"}, "schedule": {"kind": "cosine"}, "regularization": {"l1": 1}}},
    ],
)
def test_choices_within_a_bucket_are_no_part_of_the_signature(document: dict[str, object]) -> None:
    assert FAMILY.signature(setup(**document)) == FAMILY.signature(setup())


@pytest.mark.parametrize("kind", ["uniform", "xavier", "he", "lecun", "orthogonal"])
def test_a_layers_draw_depends_on_seed_index_and_its_own_shape_alone(kind: str) -> None:
    def drawn(*units: int, **others: object) -> dict[str, np.ndarray]:
        made = setup(**{"seed": 4, "network": {"layers": layers(*units), "init": {"kind": kind}}, **others})
        return FAMILY.tensors(made, FAMILY.init(made))

    base = drawn(4, 3)
    # Other layers, other buckets, other data, other training.
    for other in (drawn(4, 30), drawn(4, 3, 3, 3), drawn(4), drawn(4, 3, data={"kind": "plane", "noise": 9})):
        np.testing.assert_array_equal(other["layers.0.weight"], base["layers.0.weight"])
    np.testing.assert_array_equal(drawn(4, 3, 20)["layers.1.weight"], base["layers.1.weight"])
    assert not np.array_equal(drawn(4, 3, seed=5)["layers.0.weight"], base["layers.0.weight"])
    twins = drawn(2, 2, 2)
    assert not np.array_equal(twins["layers.1.weight"], twins["layers.2.weight"])


@pytest.mark.parametrize(
    "document",
    [
        {"data": {"validation_fraction": 0.2}, "training": {"regularization": {"l1": 0.1, "l2": 0.1}}},
        {"training": {"loss": "binary_cross_entropy"}, "data": {"kind": "xor", "noise": 20}},
        {"network": {"layers": [{"units": 10, "activation": "relu", "dropout": 0.5}]}, "data": {"kind": "blobs"}},
        {"data": {"kind": "multi_gaussian", "samples": 300}},
    ],
)
def test_metrics_are_in_evaluation_mode_without_penalty_over_the_whole_part(document: dict[str, object]) -> None:
    made = trainer(**document)
    made.advance(program(made.setup), 40)
    found = metrics(made)
    prepared, network = made.setup.prepared, network_of(made.setup.experiment, made.tensors())
    bounds = np.cumsum(prepared.counts)[:-1]
    parts = zip(np.split(prepared.inputs, bounds), np.split(prepared.targets, bounds), strict=True)
    for values, (inputs, targets) in zip(found.values(), parts, strict=True):
        if not len(inputs):
            assert values is None
            continue
        assert values is not None
        inputs, targets = inputs.astype(np.float64), targets.astype(np.float64)
        outputs = network.outputs(inputs)
        assert values["loss"] == pytest.approx(network.mean_loss(inputs, targets), rel=1e-5)
        if made.setup.problem.task == "regression":
            assert values["mean_absolute_error"] == pytest.approx(np.abs(outputs - targets).mean(), rel=1e-5)
            assert values["root_mean_squared_error"] == pytest.approx(
                np.sqrt(((outputs - targets) ** 2).mean()), rel=1e-5
            )
            assert values["r2"] == pytest.approx(1 - ((outputs - targets) ** 2).mean() / targets.var(), rel=1e-4)
        else:
            middle = (targets.max() + targets.min()) / 2
            one = outputs.shape[1] == 1
            right = (
                (outputs > middle) == (targets > middle) if one else outputs.argmax(axis=1) == targets.argmax(axis=1)
            )
            assert values["accuracy"] == pytest.approx(right.mean(), abs=1e-9)


def test_hidden_maps_are_the_references_activations() -> None:
    made = trainer(network={"layers": [*layers(3, activation="sine"), *layers(5, activation="elu")]})
    made.advance(program(made.setup), 30)
    seen, grid = observed(made), np.asarray(FAMILY.view(made.setup, 0))
    network = network_of(made.setup.experiment, made.tensors())
    inputs = grid[:, :2].astype(np.float64)
    np.testing.assert_allclose(seen.outputs[0].ravel(), network.outputs(inputs)[:, 0], atol=1e-5)
    lines = np.linspace(0, 99, 32).round().astype(int)
    for maps, hidden in zip(seen.thumbnails, network.hidden(inputs), strict=True):
        expected = hidden.T.reshape(-1, 100, 100)[:, lines][:, :, lines]
        np.testing.assert_allclose(maps[: len(expected)], expected, atol=1e-5)


@pytest.mark.parametrize("classes", [2, 3])
def test_balanced_classes_have_the_same_say(classes: int) -> None:
    counts = (12, 4, 30)[:classes]
    points = [[index + label, (7 * index) % 5, label] for label in range(classes) for index in range(counts[label])]
    made = trainer(
        data={"kind": "points", "points": points, "train_fraction": 0.9},
        training={"batch_size": 1_000, "balance_classes": True},
    )
    prepared, count = made.setup.prepared, made.setup.prepared.counts[0]
    network = network_of(made.setup.experiment, made.tensors())
    inputs, targets = prepared.inputs[:count].astype(float), prepared.targets[:count].astype(float)
    expected = {name: np.zeros_like(tensor, np.float64) for name, tensor in made.tensors().items()}
    for label in range(classes):
        of_class = prepared.labels[:count] == label
        for layer, (weight, bias) in enumerate(network.gradients(inputs[of_class], targets[of_class])):
            expected[f"layers.{layer}.weight"] += weight / classes
            expected[f"layers.{layer}.bias"] += bias / classes
    made.advance(program(made.setup), 1)
    for name, gradient in made.gradients().items():
        np.testing.assert_allclose(gradient, expected[name], rtol=1e-4, atol=1e-6)
    labels = prepared.labels[:count]
    assert len(set(np.bincount(labels.astype(int)))) == classes


def test_a_regression_has_no_classes_to_balance() -> None:
    made = trainer(data={"kind": "plane"}, training={"balance_classes": True})
    assert (made.family.samples(made.setup).weight == 1).all()
