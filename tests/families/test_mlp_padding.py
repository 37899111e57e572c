"""Padding is invisible: the padded program against the unpadded float64 reference, over random networks."""

from typing import Any

import jax
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine.loop import Advance, pace
from app.engine.orders import EpochOrders
from app.engine.state import initial_state, state_packing
from app.families.base import PlaneSetup
from app.families.registry import family_of
from app.nn.dropout import dropout_scale
from app.schemas.network import ACTIVATIONS
from app.schemas.training import OPTIMIZERS
from tests.engine.cases import kinds, metrics, program, setup, trainer
from tests.nn.reference import Values
from tests.nn.reference_training import network_of, relative_error, replay

STEPS = 6
# At f(0) these are not 0, so that padded units would speak if they were heard.
LOUD = ("sigmoid", "softplus")
REGRESSION_LOSSES = ("half_squared_error", "mean_squared_error", "mean_absolute_error", "huber")
BINARY_LOSSES = (*REGRESSION_LOSSES, "binary_cross_entropy", "hinge")
MANY_LOSSES = (*REGRESSION_LOSSES, "categorical_cross_entropy", "hinge")
OPTIMIZER_KINDS = kinds(OPTIMIZERS)
# Lion steps along a sign, which rounding can turn where a gradient is nearly 0.
SMOOTH_OPTIMIZERS = [kind for kind in OPTIMIZER_KINDS if kind != "lion"]

thrifty = settings(derandomize=True, deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Experiments whose programs are those that other tests compile: depths 0 to 2, width 8 or 16, 1 or 8 outputs."""
    depth, most_units, many = draw(st.sampled_from([(0, 1, False), (1, 16, True), (2, 8, False)]))
    least = 9 if most_units == 16 else 1
    hidden = [
        {"units": draw(st.integers(least, most_units)), "activation": draw(st.sampled_from(ACTIVATIONS))}
        for _ in range(depth)
    ]
    classes = {"classes": draw(st.integers(3, 6))} if many else {}
    data = {
        "kind": "blobs" if many else draw(st.sampled_from(["circle", "plane"])),
        "samples": draw(st.integers(10, 120)),
        "features": draw(
            st.lists(st.sampled_from(["x1", "x2", "sin(x1)", "x1*x2", "radius"]), min_size=1, unique=True)
        ),
        "scaling": "standard",
        **classes,
    }
    losses = MANY_LOSSES if many else REGRESSION_LOSSES if data["kind"] == "plane" else BINARY_LOSSES
    training = {
        "loss": draw(st.sampled_from(losses)),
        "batch_size": draw(st.sampled_from([1, 3, 7, 15, 16, 17, 33, 1000])),
        "shuffle": False,
        "optimizer": {"kind": draw(st.sampled_from(SMOOTH_OPTIMIZERS))},
        "regularization": {"l1": draw(st.sampled_from([0, 0.001])), "l2": draw(st.sampled_from([0, 0.01]))},
        "clipping": draw(st.sampled_from([{"kind": "none"}, {"kind": "norm", "threshold": 0.3}])),
    }
    init = {"kind": draw(st.sampled_from(["uniform", "xavier", "orthogonal"])), "bias": 0.1}
    return {
        "seed": draw(st.integers(0, 99)),
        "data": data,
        "network": {"layers": hidden, "init": init},
        "training": training,
    }


@thrifty
@given(document=documents())
def test_padded_training_is_unpadded_training(document: dict[str, Any]) -> None:
    made = trainer(**document)
    start, prepared = made.tensors(), made.setup.prepared
    rows = slice(prepared.counts[0])
    report = made.advance(program(made.setup), STEPS)
    assert report.taken == STEPS
    expected = replay(made.setup.experiment, start, prepared.inputs[rows], prepared.targets[rows], STEPS)
    assert relative_error(expected, made.tensors()) < 1e-5
    slices = np.cumsum(prepared.counts)[:-1]
    network = network_of(made.setup.experiment, made.tensors())
    losses = [values and values["loss"] for values in metrics(made).values()]
    parts = zip(np.split(prepared.inputs, slices), np.split(prepared.targets, slices), strict=True)
    for loss, (inputs, targets) in zip(losses, parts, strict=True):
        exact = network.mean_loss(inputs.astype(float), targets.astype(float)) if len(inputs) else None
        assert loss == (None if exact is None else pytest.approx(exact, rel=1e-4, abs=1e-6))


def advance(made: PlaneSetup, steps: int) -> Advance:
    """What the program itself gives, padding included."""
    family = family_of(made.experiment.family)
    rows = family.signature(made).rows
    orders = EpochOrders(made.experiment.seed, made.prepared.counts[0], rows, shuffle=True).block(0)
    start = (
        state_packing(family, made).write(initial_state(family.init(made))),
        family.samples(made),
        family.knobs(made),
        pace(made),
    )
    compiled = program(made).advance
    assert compiled is not None
    return compiled(*start, orders, np.int32(0), np.int32(steps))


@pytest.mark.parametrize("kind", OPTIMIZER_KINDS)
@pytest.mark.parametrize(
    "shape",
    [
        {"network": {"layers": [{"units": 3, "activation": name} for name in LOUD]}},
        {"network": {"layers": [{"units": 9, "activation": "softplus"}]}, "data": {"kind": "rings"}},
    ],
    ids=["narrow", "wide, many outputs"],
)
def test_padded_parameters_and_slots_stay_exactly_zero(kind: str, shape: dict[str, Any]) -> None:
    training = {
        "optimizer": {"kind": kind, **({"weight_decay": 1.0} if kind in ("adamw", "lion") else {})},
        "regularization": {"l1": 0.01, "l2": 0.01},
        "clipping": {"kind": "norm", "threshold": 0.5},
    }
    made = setup(**shape, training=training)
    family = family_of("mlp")
    learner = state_packing(family, made).read(advance(made, 100).state).learner
    first = family.init(made)
    again = family.load(made, first, family.tensors(made, learner))
    np.testing.assert_array_equal(learner.parameters, again.parameters)
    # Where nothing is real, nothing was ever seen by the optimiser.
    padding = family.load(made, first, {name: np.ones_like(t) for name, t in family.tensors(made, first).items()})
    nothing = np.asarray(padding.parameters) == 0
    assert 0 < nothing.sum() < nothing.size
    np.testing.assert_array_equal(learner.gradient[nothing], 0)
    np.testing.assert_array_equal(learner.slots.first[nothing], 0)
    np.testing.assert_array_equal(learner.slots.second[nothing], first.slots.second[nothing])


@pytest.mark.parametrize("batch_size", [5, 16, 40])
def test_dropout_is_the_references_with_the_same_masks(batch_size: int) -> None:
    hidden = [{"units": 8, "activation": "tanh", "dropout": 0.25}, {"units": 5, "activation": "gelu", "dropout": 0.5}]
    made = trainer(
        data={"samples": 100}, network={"layers": hidden}, training={"batch_size": batch_size, "shuffle": False}
    )
    start, prepared = made.tensors(), made.setup.prepared
    seed = family_of("mlp").knobs(made.setup).seed

    def scales(step: int, layer: int, shape: tuple[int, int]) -> Values:
        columns = np.arange(40, dtype=np.int32)
        rate = np.float32(hidden[layer]["dropout"])
        return np.asarray(_scale(rate, seed, np.int32(step), layer, 8, columns), np.float64)[: shape[1], : shape[0]].T

    rows = slice(prepared.counts[0])
    made.advance(program(made.setup), STEPS)
    expected = replay(made.setup.experiment, start, prepared.inputs[rows], prepared.targets[rows], STEPS, scales)
    assert relative_error(expected, made.tensors()) < 1e-5


_scale = jax.jit(dropout_scale, static_argnums=(3, 4))
