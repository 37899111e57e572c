"""A checkpoint as bytes: all that training changes, exactly, and nothing else is taken for it."""

from collections.abc import Mapping

import numpy as np
import pytest

from app.engine.checkpoint import Checkpoint, state_from_tensors, state_to_bytes, state_to_tensors, tensors_from_bytes
from app.engine.trainer import Trainer
from app.errors import InvalidInput, MalformedInput
from tests.engine.cases import program, trainer

ADAM: Mapping[str, object] = {"training": {"optimizer": {"kind": "adam"}}}


def _trained(steps: int) -> Trainer:
    one = trainer(**ADAM)
    one.advance(program(one.setup), steps)
    return one


def _revived(old: Trainer) -> Trainer:
    moment = old.checkpoint()
    new = Trainer(old.setup)
    state = state_from_tensors(old.family, old.setup, tensors_from_bytes(state_to_bytes(moment.state)))
    new.restore(Checkpoint(moment.journal, moment.setup, state, moment.history, 37, moment.epoch, moment.position))
    return new


def test_training_goes_on_from_bytes_to_the_same_bits() -> None:
    straight, interrupted = _trained(100), _revived(_trained(37))
    interrupted.advance(program(interrupted.setup), 63)
    assert interrupted.step == straight.step
    assert state_to_bytes(interrupted.checkpoint().state) == state_to_bytes(straight.checkpoint().state)
    assert interrupted.history.rows[1:] == straight.history.rows[1:]


def test_other_networks_state_is_refused() -> None:
    old = _trained(3)
    other = trainer(network={"layers": [{"units": 8}] * 4})
    with pytest.raises(InvalidInput):
        state_from_tensors(other.family, other.setup, state_to_tensors(old.checkpoint().state))


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff" * 64, (2**40).to_bytes(8, "little")])
def test_what_are_no_safetensors_is_refused(content: bytes) -> None:
    with pytest.raises(MalformedInput):
        tensors_from_bytes(content)


def test_state_that_is_not_finite_is_refused() -> None:
    old = _trained(1)
    leaves = state_to_tensors(old.checkpoint().state)
    name = next(name for name, leaf in leaves.items() if leaf.dtype == np.float32 and leaf.size > 1)
    leaves[name] = np.full_like(leaves[name], np.nan)
    with pytest.raises(InvalidInput, match="must be finite"):
        state_from_tensors(old.family, old.setup, leaves)
