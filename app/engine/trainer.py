"""One network being trained: its Experiment, its device state, its history, and what may be done to it.

Synchronous and without clocks; app.runs decides when it advances, the command line drives it directly. The journal
lists what was done to it since step 0: Experiment + journal + step determine everything it holds, bit for bit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Any, NamedTuple

import jax
import numpy as np

from app.engine.checkpoint import Checkpoint, JournalEntry
from app.engine.divergence import Divergence, divergence_of
from app.engine.history import History, columns, rounded
from app.engine.loop import Pace, pace
from app.engine.orders import EpochOrders
from app.engine.packing import Packing, Words
from app.engine.program import Program
from app.engine.state import State, initial_state
from app.errors import Conflict, InvalidInput
from app.families.base import AnyFamily, Responses, Samples, Setup, Tree
from app.families.registry import family_of
from app.schemas.command import Edit
from app.schemas.run import PARTS, Part

Metrics = dict[Part, dict[str, float | None] | None]
_STEPS_PER_CALL = 1_000_000


@dataclass(frozen=True)
class Report:
    """What a call of `Trainer.advance` did."""

    taken: int
    rows: int
    divergence: Divergence | None
    stopped: bool


class _Arguments(NamedTuple):
    """What programs are given beside the state; it follows from the Experiment."""

    samples: Samples
    knobs: Tree
    pace: Pace


class Trainer:
    """See the module. Until its program is compiled the network can be read and edited, but not trained or observed."""

    def __init__(self, setup: Setup, *, revision: int = 0) -> None:
        self.setup = setup
        self.revision = revision
        self.restart()

    @property
    def family(self) -> AnyFamily:
        """That of its Experiment, which may become one of another."""
        return family_of(self.setup.experiment.family)

    def restart(self) -> None:
        """Back to step 0 of the Experiment as it now reads: same initial weights, empty journal and history."""
        self.journal: list[JournalEntry] = []
        self.history = History(columns(self.family, self.setup))
        self.step, self.epoch, self.position = 0, 0, 0
        self._hold(initial_state(self.family.init(self.setup)))
        self._prepare()

    def checkpoint(self) -> Checkpoint:
        """This moment, to come back to."""
        return Checkpoint(
            journal=tuple(self.journal),
            setup=self.setup,
            state=self._state,
            history=History(self.history.columns, list(self.history.rows)),
            step=self.step,
            epoch=self.epoch,
            position=self.position,
        )

    def restore(self, moment: Checkpoint) -> None:
        """Back to that moment, its Experiment included."""
        self.setup = moment.setup
        self._hold(moment.state)
        self.journal = list(moment.journal)
        self.history = History(moment.history.columns, list(moment.history.rows))
        self.step, self.epoch, self.position = moment.step, moment.epoch, moment.position
        self._prepare()

    @property
    def _state(self) -> State:
        return self._packing.read(self._words)

    def _hold(self, state: State) -> None:
        self._packing = Packing(state)
        self._words: Words = self._packing.write(state)

    def _prepare(self) -> None:
        """What follows from the Experiment."""
        self.signature = self.family.signature(self.setup)
        self._first: dict[str, np.ndarray] | None = None
        self._orders = self._epoch_orders()
        self.rest()

    def _epoch_orders(self) -> EpochOrders:
        experiment, train_rows = self.setup.experiment, self.setup.prepared.counts[0]
        return EpochOrders(experiment.seed, train_rows, self.signature.rows, shuffle=experiment.training.shuffle)

    @property
    def batches_per_epoch(self) -> int:
        """Updates that make one pass."""
        return -(-self.setup.prepared.counts[0] // self.setup.experiment.training.batch_size)

    def steps_until(self, epoch: int) -> int:
        """Updates until `epoch` passes are finished, 0 where they are."""
        if epoch <= self.epoch:
            return 0
        left = self.setup.prepared.counts[0] - self.position
        batches = -(-left // self.setup.experiment.training.batch_size)
        return batches + (epoch - self.epoch - 1) * self.batches_per_epoch

    def epoch_in(self, steps: int) -> int:
        """The epoch that so many updates lead to."""
        left = self.steps_until(self.epoch + 1)
        return self.epoch if steps < left else self.epoch + 1 + (steps - left) // self.batches_per_epoch

    def change(self, setup: Setup, patch: Mapping[str, Any]) -> None:
        """A live change: takes effect at the next batch, parameters stay. The signature must be the same."""
        learner = self.family.retuned(self.setup, setup, self._state.learner)
        old, self.setup = self.setup.experiment.training, setup
        training = setup.experiment.training
        # Losses before and after cannot be compared: the patience of early stopping begins anew.
        patience = {"best_loss": np.float32(np.inf), "best_epoch": np.int32(self.epoch)}
        self._hold(self._state._replace(learner=learner, **patience))
        if old.shuffle != training.shuffle:
            self._orders = self._epoch_orders()
            self._block = None
        self._fixed = None
        self.journal.append(JournalEntry(self.step, patch))

    def edit(self, edit: Edit) -> float:
        """Sets one weight or bias, and returns what it was. Raises InvalidInput where there is none at that place."""
        tensors = self.family.tensors(self.setup, self._state.learner)
        name = f"layers.{edit.layer}.{edit.parameter}"
        if name not in tensors:
            layers = len({other.split(".")[1] for other in tensors})
            raise InvalidInput.at("layer", f"there are {layers} layers, the output layer included, counted from 0")
        tensor = tensors[name]
        if len(edit.index) != tensor.ndim:
            raise InvalidInput.at("index", f"must have {tensor.ndim} numbers for {name}")
        if any(index >= size for index, size in zip(edit.index, tensor.shape, strict=True)):
            raise InvalidInput.at("index", f"must lie within {list(tensor.shape)}")
        old = float(tensor[edit.index])
        tensor[edit.index] = edit.value
        learner = self.family.load(self.setup, self._state.learner, tensors)
        self._hold(self._state._replace(learner=learner))
        self.journal.append(JournalEntry(self.step, edit.model_dump(mode="json")))
        return old

    def advance(self, program: Program, steps: int, *, single: bool = False) -> Report:
        """Does up to `steps` updates, with one sample each where `single` (which is journalled)."""
        began = self.step
        report = self._advance(program, steps, single=single)
        if single and report.taken:
            change = {"type": "step", "unit": "sample", "count": report.taken}
            self.journal.append(JournalEntry(began, change))
        return report

    def _advance(self, program: Program, steps: int, *, single: bool) -> Report:
        if program.advance is None:
            raise Conflict("The program for this network is not compiled yet.")
        taken, rows = 0, 0
        fixed = self._fixed = self._fixed or jax.device_put(self._arguments())
        while taken < steps:
            index, orders = self._block_at(self.epoch)
            result = program.advance(
                self._words,
                fixed.samples,
                fixed.knobs,
                fixed.pace._replace(batch_size=np.int32(1)) if single else fixed.pace,
                orders,
                np.int32(index * self._orders.epochs),
                np.int32(min(steps - taken, _STEPS_PER_CALL)),
            )
            self._words = result.state
            done, recorded, healthy, stopped = map(int, result.progress)
            self.step, self.epoch, self.position = map(int, result.clock)
            taken += done
            rows += recorded
            if recorded:
                clocks, sums = map(np.asarray, result.rows())
                self._record(clocks[:recorded], sums[:recorded])
            if not healthy:
                return Report(taken, rows, divergence_of(self.step + 1, result.health()), stopped=False)
            if stopped:
                return Report(taken, rows, None, stopped=True)
        return Report(taken, rows, None, stopped=False)

    def observe(self, program: Program, choice: int = 0) -> Tree:
        """What the family shows of the network as a whole, and of the sample `choice` where one can be chosen."""
        return self.look(program, choice)()

    def look(self, program: Program, choice: int = 0) -> Callable[[], Tree]:
        """The same of this moment, for later and for any thread. Raises Conflict where the program cannot observe."""
        return self._look(program, self.family.view(self.setup, choice), whole=True)

    def predict(self, program: Program, inputs: np.ndarray) -> np.ndarray:
        """The network's outputs (n, outputs) for raw inputs. Raises InvalidInput where they are none."""
        answers = [
            self.family.answers(self.setup, self._look(program, places, whole=False)(), count).outputs
            for places, count in self.family.questions(self.setup, inputs)
        ]
        return np.concatenate(answers)

    def respond(self, program: Program) -> Responses:
        """What the network makes of the samples of its data, in their order."""
        return self.family.responses(self.setup, lambda inputs: self._look(program, inputs, whole=True)())

    def _look(self, program: Program, inputs: np.ndarray | jax.Array, *, whole: bool) -> Callable[[], Tree]:
        if program.observe is None:
            raise Conflict("The program for this network is not compiled yet.")
        fixed = self._fixed or self._arguments()
        return partial(program.observe, self._words, fixed.samples, fixed.knobs, inputs, np.bool_(whole))

    def metrics(self, sums: np.ndarray) -> Metrics:
        """Metrics by part and name; None for an empty part and for what is not finite."""
        names = self.family.metric_names(self.setup.problem)
        values = self.family.metrics(self.setup, sums[None])[0]
        return {
            part: dict(zip(names, map(finite, row.tolist()), strict=True)) if count else None
            for part, row, count in zip(PARTS, values, self.setup.prepared.counts, strict=True)
        }

    def record_start(self, sums: np.ndarray) -> None:
        """Makes the row of step 0, once its sums are known."""
        if not self.history.rows and self.step == 0:
            self._record(np.zeros((1, 2), np.int32), sums[None])

    def tensors(self) -> dict[str, np.ndarray]:
        """Parameters by name, without padding."""
        return self.family.tensors(self.setup, self._state.learner)

    def first_tensors(self) -> dict[str, np.ndarray]:
        """Those of step 0."""
        if self._first is None:
            self._first = self.family.tensors(self.setup, self.family.init(self.setup))
        return self._first

    def gradients(self) -> dict[str, np.ndarray]:
        """The gradient of the last update, likewise."""
        return self.family.gradients(self.setup, self._state.learner)

    def last_mistake(self) -> int | None:
        """The training sample whose wrong answer made the last update, where updates are of that kind."""
        return self.family.last_mistake(self._state.learner)

    def rest(self) -> None:
        """Frees what only a training network needs; NumPy's small arrays take a tenth of the memory of JAX's."""
        self._block: tuple[int, Any] | None = None
        self._fixed: _Arguments | None = None
        self._words = np.array(self._words)

    def _arguments(self) -> "_Arguments":
        return _Arguments(self.family.samples(self.setup), self.family.knobs(self.setup), pace(self.setup))

    def _block_at(self, epoch: int) -> tuple[int, Any]:
        index = epoch // self._orders.epochs
        if self._block is None or self._block[0] != index:
            self._block = (index, jax.device_put(self._orders.block(index)))
        return self._block

    def _record(self, clocks: np.ndarray, sums: np.ndarray) -> None:
        values = rounded(self.family.metrics(self.setup, sums))
        rows = np.swapaxes(values, 1, 2).reshape(len(values), -1).tolist()
        for (step, epoch), row in zip(clocks.tolist(), rows, strict=True):
            self.history.add((step, epoch, self.revision, *map(finite, row)))


def finite(value: float) -> float | None:
    """JSON has no NaN and no infinity."""
    return value if isfinite(value) else None
