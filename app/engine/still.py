"""A network for pictures as it was at one moment, to be asked from any one thread: nothing is shared with who trains
it."""

from functools import cached_property

import jax
import numpy as np

from app.engine.checkpoint import Checkpoint
from app.engine.packing import Packing
from app.engine.program import Program
from app.errors import Conflict
from app.families.base import of_pictures
from app.families.pictures import PictureObservation
from app.nn.pictures.lens import PLACES, Aim, Slopes


class Still:
    """See the module."""

    def __init__(self, program: Program, moment: Checkpoint) -> None:
        self.setup = of_pictures(moment.setup)
        self.tensors = program.family.tensors(moment.setup, moment.state.learner)
        """Its parameters and statistics."""
        self._program = program
        self._words = Packing(moment.state).write(moment.state)

    def look(self, pictures: np.ndarray, *, whole: bool = False) -> PictureObservation:
        """What it makes of pictures (n, channels, height, width), as many as its family has places for, and, as a
        `whole`, of its samples. Raises Conflict where the program cannot observe."""
        family, setup = self._program.family, self.setup
        if self._program.observe is None:
            raise _not_compiled()
        ((inputs, _),) = family.questions(setup, pictures)
        seen = self._program.observe(self._words, self._samples, self._knobs, inputs, np.bool_(whole))
        assert isinstance(seen, PictureObservation), "what sees pictures is observed with them"
        return seen

    def slopes(self, pictures: np.ndarray, aim: Aim) -> Slopes:
        """What would change its answers to up to PLACES pictures. Raises Conflict where the program has no lens."""
        if self._program.lens is None:
            raise _not_compiled()
        inputs = np.zeros((self.setup.prepared.inputs.shape[1], PLACES), np.float32)
        inputs[:, : len(pictures)] = pictures.reshape(len(pictures), -1).T
        return self._program.lens(self._words, self._knobs, inputs, aim)

    @cached_property
    def _samples(self) -> object:
        return self._program.family.samples(self.setup)

    @cached_property
    def _knobs(self) -> object:
        return jax.device_put(self._program.family.knobs(self.setup))


def _not_compiled() -> Conflict:
    return Conflict("The program for this network is not compiled yet.")
