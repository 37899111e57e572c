"""Many small arrays as one: what it costs to call a program grows with the number of arrays that it returns.

Every array that JAX returns is an object of its own, made and freed in turns with the other threads of the process.
"""

from itertools import groupby
from typing import Any, Generic, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import UInt32

Tree = TypeVar("Tree")
Words = UInt32[Array, " words"] | UInt32[np.ndarray, " words"]


class _Leaf(NamedTuple):
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    start: int
    end: int


class Packing(Generic[Tree]):
    """How the leaves of a tree lie in a vector of words, one after the other, each number with the bits that it has.

    Leaves are of 32 bits a number, or booleans, which become whole words.
    """

    def __init__(self, like: Tree) -> None:
        """For trees of the structure, shapes and types of `like`, which may hold `jax.ShapeDtypeStruct`."""
        leaves, self._structure = jax.tree.flatten(like)
        self._leaves: list[_Leaf] = []
        start = 0
        for leaf in leaves:
            end = start + int(np.prod(leaf.shape))
            self._leaves.append(_Leaf(tuple(leaf.shape), np.dtype(leaf.dtype), start, end))
            start = end

    def pack(self, tree: Tree) -> UInt32[Array, " words"]:
        """Inside a program."""
        runs = [list(run) for _, run in groupby(jax.tree.leaves(tree), key=lambda leaf: leaf.dtype)]
        # Of each run as a whole: every conversion is a function to compile.
        return jnp.concatenate([_to_words(jnp.concatenate([leaf.ravel() for leaf in run])) for run in runs])

    def unpack(self, words: UInt32[Array, " words"]) -> Tree:
        """Inside a program."""
        parts = [words[leaf.start : leaf.end].reshape(leaf.shape) for leaf in self._leaves]
        return self._tree([_from_words(part, leaf.dtype) for part, leaf in zip(parts, self._leaves, strict=True)])

    def write(self, tree: Tree) -> UInt32[np.ndarray, " words"]:
        """On the host."""
        parts = [
            np.asarray(array, np.uint32 if leaf.dtype.kind == "b" else leaf.dtype).ravel().view(np.uint32)
            for array, leaf in zip(jax.tree.leaves(tree), self._leaves, strict=True)
        ]
        return np.concatenate(parts)

    def read(self, words: Words) -> Tree:
        """On the host: views, not to be written to."""
        flat = np.asarray(words)
        parts = [flat[leaf.start : leaf.end].reshape(leaf.shape) for leaf in self._leaves]
        return self._tree([_viewed(part, leaf.dtype) for part, leaf in zip(parts, self._leaves, strict=True)])

    def _tree(self, leaves: list[Any]) -> Tree:
        return jax.tree.unflatten(self._structure, leaves)


def _to_words(leaf: Array) -> Array:
    return leaf.astype(jnp.uint32) if leaf.dtype.kind == "b" else lax.bitcast_convert_type(leaf, jnp.uint32)


def _from_words(words: Array, dtype: np.dtype[Any]) -> Array:
    return words != 0 if dtype.kind == "b" else lax.bitcast_convert_type(words, dtype)


def _viewed(words: np.ndarray, dtype: np.dtype[Any]) -> np.ndarray:
    return words != 0 if dtype.kind == "b" else words.view(dtype)
