from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.divergence import Divergence
from app.engine.loop import Advance, pace
from app.engine.orders import EpochOrders
from app.engine.state import initial_state, state_packing
from app.engine.trainer import Trainer
from app.families.base import PlaneSetup
from app.families.registry import family_of
from app.schemas.network import ACTIVATIONS
from app.schemas.training import OPTIMIZERS
from tests.engine.cases import kinds, layers, program, setup, trainer

WILD: dict[str, Any] = {
    "network": {"layers": layers(4, 4, activation="relu"), "output_activation": "linear"},
    "training": {"optimizer": {"learning_rate": 1_000.0}},
}
LIMIT = 200


def diverge(made: Trainer, slice_: int) -> Divergence:
    while made.step < LIMIT:
        before = made.step
        report = made.advance(program(made.setup), slice_)
        if report.divergence is not None:
            assert report.taken == made.step - before
            return report.divergence
    raise AssertionError("it did not diverge")


def is_finite(made: Trainer) -> bool:
    tensors = [*made.tensors().values(), *made.gradients().values()]
    return all(bool(np.isfinite(tensor).all()) for tensor in tensors)


def test_the_last_finite_state_is_kept_and_the_failed_step_named() -> None:
    made = trainer(**WILD)
    divergence = diverge(made, LIMIT)
    assert divergence.step == made.step + 1
    assert 0 <= divergence.layer < divergence.layers == 3
    assert is_finite(made)
    assert f"step {divergence.step}" in divergence.describe()


@pytest.mark.parametrize("slice_", [1, 2, 3, 5])
def test_slicing_cannot_move_it(slice_: int) -> None:
    expected, found = trainer(**WILD), trainer(**WILD)
    assert diverge(found, slice_) == diverge(expected, LIMIT)
    for name, tensor in expected.tensors().items():
        np.testing.assert_array_equal(found.tensors()[name], tensor)


def test_trying_again_fails_at_the_same_step_and_clipping_goes_on() -> None:
    made = trainer(**WILD)
    first = diverge(made, LIMIT)
    assert diverge(made, LIMIT) == first
    calm = {"optimizer": {"learning_rate": 0.1}, "clipping": {"kind": "norm"}}
    made.change(setup(**{**WILD, "training": calm}), {"training": calm})
    report = made.advance(program(made.setup), 10)
    assert (report.taken, report.divergence) == (10, None)


@pytest.mark.parametrize("batch_size", [1, 3, 10])
def test_step_and_layer_are_those_of_an_unpadded_network(batch_size: int) -> None:
    made = trainer(**{**WILD, "training": {"batch_size": batch_size, "shuffle": False, **WILD["training"]}})
    start, prepared = made.tensors(), made.setup.prepared
    found = diverge(made, LIMIT)
    expected = _first_overflow(start, prepared.inputs[:250], prepared.targets[:250], batch_size)
    assert (found.step, found.layer, found.where) == (*expected, "gradients")


def _first_overflow(
    tensors: dict[str, np.ndarray], inputs: np.ndarray, targets: np.ndarray, size: int
) -> tuple[int, int]:
    """The same training in NumPy and single precision (relu, linear output, half squared error, SGD): step and layer.

    Gradients flow from the last layer to the first, so the last one that has trouble is where it began. Their squares
    must be finite, too, because moments hold them.
    """
    layers = [(tensors[f"layers.{layer}.weight"], tensors[f"layers.{layer}.bias"]) for layer in range(3)]
    for step in range(LIMIT):
        start = step * size % 250
        fed, wanted = [inputs[start : start + size]], targets[start : start + size]
        troubled: list[int] = []
        with np.errstate(over="ignore", invalid="ignore"):
            for layer, (weight, bias) in enumerate(layers):
                z = fed[-1] @ weight + bias
                assert np.isfinite(z).all()
                fed.append(z if layer == 2 else np.maximum(z, 0))
            delta = (fed[-1] - wanted) / np.float32(len(wanted))
            for layer in (2, 1, 0):
                weight, bias = layers[layer]
                gradients = fed[layer].T @ delta, delta.sum(axis=0)
                delta = (delta @ weight.T) * (fed[layer] > 0)
                layers[layer] = weight - np.float32(1_000) * gradients[0], bias - np.float32(1_000) * gradients[1]
                if not all(np.isfinite(part).all() for part in (*layers[layer], *(slope**2 for slope in gradients))):
                    troubled.append(layer)
        if troubled:
            return step + 1, troubled[0]
    raise AssertionError("it did not overflow")


def advance_from(made: PlaneSetup, tensors: dict[str, np.ndarray], steps: int) -> Advance:
    family = family_of(made.experiment.family)
    learner = family.load(made, family.init(made), tensors)
    orders = EpochOrders(0, made.prepared.counts[0], family.signature(made).rows, shuffle=False).block(0)
    compiled = program(made).advance
    assert compiled is not None
    start = (
        state_packing(family, made).write(initial_state(learner)),
        family.samples(made),
        family.knobs(made),
        pace(made),
    )
    return compiled(*start, orders, np.int32(0), np.int32(steps))


def test_a_sample_that_is_not_in_the_batch_cannot_make_it_diverge() -> None:
    """Samples go through the network sixteen at once, so what lies behind a batch's end goes through it, too."""
    points = [[1e12 * (index % 2), 0.0, index % 2] for index in range(40)]
    made = setup(
        data={"kind": "points", "points": points}, network={"layers": layers(4, 4)}, training={"batch_size": 1}
    )
    family = family_of("mlp")
    tensors = family.tensors(made, family.init(made))
    tensors["layers.0.weight"][...] = 1e30
    harmless = made.prepared.inputs[: made.prepared.counts[0], 0] == 0
    until = int(np.argmin(harmless))
    result = advance_from(made, tensors, 20)
    assert 0 < until == result.progress.taken
    assert not result.progress.healthy


@pytest.mark.parametrize("layer", [1, 2])
def test_the_layer_where_pre_activations_overflow_is_the_first_that_is_not_finite(layer: int) -> None:
    made = setup(network={"layers": layers(4, 4, activation="linear")})
    family = family_of("mlp")
    tensors = family.tensors(made, family.init(made))
    for huge in (layer - 1, layer):
        tensors[f"layers.{huge}.weight"][...] = 1e25
    result = advance_from(made, tensors, 5)
    assert not result.progress.healthy
    assert result.progress.taken == 0
    finite = np.isfinite(result.health().forward)
    assert finite[:layer].all()
    assert not finite[layer]
    learner = state_packing(family, made).read(result.state).learner
    np.testing.assert_array_equal(family.tensors(made, learner)["layers.0.weight"], tensors["layers.0.weight"])


def test_words_name_the_layer() -> None:
    assert "the output layer" in Divergence(3, 2, 3, "gradients").describe()
    assert "hidden layer 1" in Divergence(3, 0, 3, "activations").describe()


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    kind=st.sampled_from(kinds(OPTIMIZERS)),
    rate=st.sampled_from([0.03, 1.0, 30.0, 1_000.0]),
    activations=st.tuples(st.sampled_from(ACTIVATIONS), st.sampled_from(ACTIVATIONS)),
    clipping=st.sampled_from([{"kind": "none"}, {"kind": "norm"}, {"kind": "value", "threshold": 1e6}]),
    penalty=st.sampled_from([0.0, 100.0]),
    dropout=st.sampled_from([0.0, 0.95]),
    loss=st.sampled_from(["half_squared_error", "binary_cross_entropy", "hinge"]),
)
def test_no_choice_makes_a_parameter_that_is_not_finite(
    kind: str,
    rate: float,
    activations: tuple[str, str],
    clipping: dict[str, Any],
    penalty: float,
    dropout: float,
    loss: str,
) -> None:
    made = trainer(
        data={"kind": "spiral", "samples": 60, "features": ["x1", "x1*x2", "radius"]},
        network={"layers": [{"units": 4, "activation": name, "dropout": dropout} for name in activations]},
        training={
            "batch_size": 7,
            "optimizer": {"kind": kind, "learning_rate": rate},
            "clipping": clipping,
            "regularization": {"l1": penalty, "l2": penalty},
            "loss": loss,
        },
    )
    report = made.advance(program(made.setup), LIMIT)
    assert report.taken == LIMIT or report.divergence is not None
    assert is_finite(made)
    assert all(before[0] < after[0] for before, after in pairwise(made.history.rows))
