"""A trainer at one moment: what it takes to go on from there, bit for bit, in memory and as bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from app.engine.history import History
from app.engine.state import State, initial_state
from app.errors import InvalidInput, MalformedInput
from app.families.base import AnyFamily, Setup


@dataclass(frozen=True)
class JournalEntry:
    """What was done at `step`: a patch, an edit, or updates with one sample each."""

    step: int
    change: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """See the module. Nothing in it is ever changed in place."""

    journal: tuple[JournalEntry, ...]
    setup: Setup
    state: State
    history: History
    step: int
    epoch: int
    position: int

    @property
    def derived(self) -> bool:
        """Whether the Experiment alone determines its state."""
        return self.step == 0 and not self.journal


def state_to_tensors(state: State) -> dict[str, np.ndarray]:
    """Everything that training changes, by name, padding included."""
    return {name: np.asarray(leaf) for name, leaf in _named(state).items()}


def state_to_bytes(state: State) -> bytes:
    """The same as safetensors."""
    return save(state_to_tensors(state))


def tensors_from_bytes(content: bytes) -> dict[str, np.ndarray]:
    """The tensors of a safetensors file. Raises MalformedInput where it is none."""
    try:
        return load(content)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise MalformedInput(f"This cannot be read as safetensors: {error}.") from None


def state_from_tensors(family: AnyFamily, setup: Setup, leaves: Mapping[str, np.ndarray]) -> State:
    """The inverse of `state_to_tensors`. Raises InvalidInput where they are not of this network, or not finite."""
    template = initial_state(family.init(setup))
    wanted = _named(template)
    if leaves.keys() != wanted.keys():
        raise InvalidInput.at("state", "holds other tensors than this network has")
    for name, leaf in leaves.items():
        like = np.asarray(wanted[name])
        if (leaf.shape, leaf.dtype) != (like.shape, like.dtype):
            raise InvalidInput.at(name, f"must be {like.dtype} of shape {list(like.shape)}")
        if name != _BEST_LOSS and not np.isfinite(leaf).all():
            raise InvalidInput.at(name, "must be finite")
    return jax.tree.unflatten(jax.tree.structure(template), [leaves[name] for name in wanted])


_BEST_LOSS = ".best_loss"
"""It is infinite until there is a validation loss."""


def _named(state: State) -> dict[str, Any]:
    return {jax.tree_util.keystr(path): leaf for path, leaf in jax.tree_util.tree_leaves_with_path(state)}
