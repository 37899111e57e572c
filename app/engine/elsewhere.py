"""The training loss that a network would have with other parameters, by the program that it has already."""

from collections.abc import Mapping

import jax
import numpy as np

from app.engine.checkpoint import Checkpoint
from app.engine.packing import Packing
from app.engine.program import Program
from app.errors import Conflict
from app.families.base import WHOLE


class LossElsewhere:
    """Asks a network as it was at `moment`. Safe from any one thread: nothing is shared with who trains it."""

    def __init__(self, program: Program, moment: Checkpoint) -> None:
        """Raises Conflict where the program cannot observe."""
        if program.observe is None:
            raise Conflict("The program for this network is not compiled yet.")
        self._observe = program.observe
        self._family = program.family
        self._moment = moment
        self._packing = Packing(moment.state)
        family, setup = program.family, moment.setup
        seen = family.samples(setup), family.knobs(setup), family.view(setup, 0), WHOLE
        self._arguments = jax.device_put(seen)

    def __call__(self, tensors: Mapping[str, np.ndarray]) -> float:
        """The loss with these parameters (as the family's `tensors` names them), perhaps not finite."""
        setup, state = self._moment.setup, self._moment.state
        moved = state._replace(learner=self._family.load(setup, state.learner, tensors))
        sums = np.asarray(self._observe(self._packing.write(moved), *self._arguments).sums)
        return float(self._family.metrics(setup, sums[None])[0, 0, 0])
