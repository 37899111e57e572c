"""What a visitor may change without waiting for XLA: JAX reports each trace, lowering and compile; there are none."""

from collections.abc import Iterator
from threading import get_ident
from typing import Any

import jax
import numpy as np
import pytest

from app.engine.elsewhere import LossElsewhere
from app.engine.trainer import Trainer
from app.schemas.command import Edit
from app.schemas.network import ACTIVATIONS, INITIALIZERS
from app.schemas.training import CLIPPINGS, OPTIMIZERS, SCHEDULES
from tests.engine.cases import experiment, kinds, layers, metrics, patched, program, trainer

Events = list[str]


LIVE: list[dict[str, Any]] = [
    *({"network": {"layers": layers(4, 2, activation=name)}} for name in ACTIVATIONS),
    *({"training": {"optimizer": {"kind": kind}}} for kind in kinds(OPTIMIZERS)),
    *({"training": {"schedule": {"kind": kind}}} for kind in kinds(SCHEDULES)),
    *({"training": {"clipping": {"kind": kind}}} for kind in kinds(CLIPPINGS)),
    *({"training": {"batch_size": size}} for size in (1, 7, 16, 250, 1_000_000)),
    *({"training": {"loss": loss}} for loss in ("mean_absolute_error", "huber", "hinge", "binary_cross_entropy")),
    {"training": {"optimizer": {"learning_rate": 0.3}}},
    {"training": {"regularization": {"l1": 0.1, "l2": 0.1}}},
    {"training": {"shuffle": False}},
    {"training": {"early_stopping": {"patience": 10_000}}},
    {"network": {"layers": layers(4, 2, dropout=0.5)}},
    {"network": {"output_activation": "linear"}},
]
ANEW: list[dict[str, Any]] = [
    *({"data": {"kind": kind}} for kind in ("circle", "gaussian", "spiral", "moons", "xor")),
    {"data": {"kind": "plane", "samples": 512}},
    {"data": {"kind": "points", "points": [[0, 0, 0], [1, 1, 1], [2, 0, 1], [1, 2, 0]]}},
    {"data": {"noise": 25}},
    {"data": {"samples": 100}},
    {"data": {"train_fraction": 0.8, "validation_fraction": 0.1}},
    {"data": {"features": ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)", "cos(x1)", "cos(x2)", "radius"]}},
    {"data": {"scaling": "standard"}},
    {"seed": 8},
    *({"network": {"init": {"kind": kind}}} for kind in kinds(INITIALIZERS)),
    *({"network": {"layers": layers(*units)}} for units in ((1, 1), (8, 8), (3, 7))),
]


@pytest.fixture
def compilations() -> Iterator[Events]:
    """What JAX traces, lowers or compiles in this thread from here on; servers of other tests have their own."""
    events: Events = []
    thread = get_ident()

    def listen(event: str, duration_secs: float, **kwargs: str | int) -> None:
        del duration_secs, kwargs
        if event.startswith("/jax/core/compile") and get_ident() == thread:
            events.append(event)

    jax.monitoring.register_event_duration_secs_listener(listen)
    yield events
    jax.monitoring.unregister_event_duration_listener(listen)


def use(made: Trainer) -> None:
    """All that a visitor's run does."""
    compiled = program(made.setup, observes=True)
    made.advance(compiled, 30)
    made.advance(compiled, 1, single=True)
    made.edit(Edit(layer=1, parameter="weight", index=(0, 0), value=0.5))
    sums = made.observe(compiled).sums
    made.record_start(np.asarray(sums))
    made.metrics(np.asarray(sums))
    made.predict(compiled, np.zeros((3, 2)))
    made.tensors()
    made.gradients()


def test_a_compile_would_be_noticed(compilations: Events) -> None:
    jax.jit(lambda x: x + 1)(np.float32(1))
    assert {event.rsplit("/", 1)[1] for event in compilations} >= {"jaxpr_trace_duration", "backend_compile_duration"}


def test_nothing_that_takes_effect_at_once_traces_or_compiles(compilations: Events) -> None:
    document: dict[str, Any] = {"data": {"validation_fraction": 0.2}}
    made, base = trainer(**document), experiment(**document)
    use(made)
    compilations.clear()
    for patch in LIVE:
        made.change(patched(base, patch, made.setup), patch)
        use(made)
        assert not compilations, patch


def test_nothing_that_stays_within_its_buckets_traces_or_compiles(compilations: Events) -> None:
    use(trainer())
    compilations.clear()
    for patch in ANEW:
        made = trainer(**patch)
        use(made)
        made.restart()
        assert not compilations, patch


def test_asking_for_the_loss_elsewhere_neither_traces_nor_compiles(compilations: Events) -> None:
    made = trainer()
    use(made)
    compilations.clear()
    loss = LossElsewhere(program(made.setup), made.checkpoint())
    here = loss(made.tensors())
    there = loss({name: tensor + 1 for name, tensor in made.tensors().items()})
    assert not compilations
    train = metrics(made)["train"]
    assert train is not None
    assert train["loss"] == here
    assert there != here
