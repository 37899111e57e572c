"""Small random networks for pictures that stand still: as the judge computes them, or compiled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.engine import xla
from app.engine.program import Program
from app.engine.setup import NoUploads, build_setup
from app.engine.still import Still
from app.engine.trainer import Trainer
from app.families.base import PictureSetup, of_pictures
from app.families.pictures import PictureObservation
from app.families.registry import family_of
from app.nn.host import host
from app.nn.pictures.lens import Aim, Slopes
from app.nn.pictures.stack import Stack
from app.schemas.document import parse_value
from app.schemas.experiment import PictureExperiment
from app.schemas.picture_network import PictureLayer
from tests.engine.cases import CACHE
from tests.nn.pictures.reference import Reference
from tests.nn.pictures.stacks import random_tensors
from tests.nn.reference import ACTIVATIONS, Values


def setup_of(
    layers: Sequence[PictureLayer], data: Mapping[str, object] | None = None, **training: object
) -> PictureSetup:
    """A network for a few digits, if for nothing else."""
    document = {
        "family": "cnn",
        "data": data or {"kind": "digits", "samples": 60},
        "network": {"layers": [layer.model_dump(mode="json") for layer in layers]},
        "training": training,
    }
    return of_pictures(build_setup(parse_value(PictureExperiment, document), NoUploads()))


def tensors_of(setup: PictureSetup, seed: int) -> dict[str, np.ndarray]:
    """Random parameters and statistics, of which none is 0 and no scale 1."""
    stack = Stack(setup.experiment.network.layers, setup.prepared.shape, setup.prepared.targets.shape[1])
    parameters, statistics = random_tensors(np.random.default_rng(seed), stack)
    return {**parameters, **statistics}


@dataclass
class Judged:
    """A network that NumPy computes in double precision."""

    setup: PictureSetup
    tensors: dict[str, np.ndarray]

    def look(self, pictures: np.ndarray, *, whole: bool = False) -> PictureObservation:
        assert not whole, "the judge does not look at samples"
        reference = Reference(self.setup.experiment.network.layers, self.tensors, self.tensors)
        before, after, _ = reference.respond(pictures.astype(np.float64), training=False)
        outputs = self._outputs(before[-1])
        nothing = host(np.zeros((0, 0)))
        return PictureObservation(
            sums=nothing,
            outputs=host(outputs.T),
            maps=[host(values[0]) for values in after],
            pre_activations=[host(values[0]) for values in before],
            answers=nothing,
            embedding=nothing,
            peaks=[],
        )

    def _outputs(self, logits: Values) -> Values:
        activation, classes = self.setup.experiment.network.output_activation, self.setup.problem.classes
        if activation != "softmax":
            return ACTIVATIONS[str(activation)].value(logits)
        exponentials = np.exp(logits[:, :classes])
        return np.hstack([exponentials / exponentials.sum(axis=1, keepdims=True), logits[:, classes:]])

    def slopes(self, pictures: np.ndarray, aim: Aim) -> Slopes:
        raise AssertionError("the judge has no gradients")


def judged(
    layers: Sequence[PictureLayer], seed: int = 0, data: Mapping[str, object] | None = None, **training: object
) -> Judged:
    """A network with these layers and random tensors."""
    setup = setup_of(layers, data, **training)
    return Judged(setup, tensors_of(setup, seed))


def still(setup: PictureSetup, *, seed: int = 0, lens: bool = False) -> Still:
    """The same, compiled."""
    trainer, family, program = Trainer(setup), family_of(setup.experiment.family), Program(family_of("cnn"), setup)
    xla.configure(CACHE)
    program.compile_observe()
    if lens:
        program.compile_lens()
    moment = trainer.checkpoint()
    learner = family.load(setup, moment.state.learner, tensors_of(setup, seed))
    return Still(program, replace(moment, state=moment.state._replace(learner=learner)))
