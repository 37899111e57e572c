"""Trees that go through one vector and back."""

from typing import Any, NamedTuple

import jax
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from app.engine.packing import Packing

TYPES = (np.float32, np.int32, np.uint32, np.bool_)


class Pair(NamedTuple):
    first: Any
    rest: list[Any]


@st.composite
def trees(draw: st.DrawFn) -> Pair:
    def leaf() -> np.ndarray:
        return draw(arrays(draw(st.sampled_from(TYPES)), draw(array_shapes(min_dims=0, max_dims=3, max_side=3))))

    return Pair(leaf(), [leaf() for _ in range(draw(st.integers(0, 4)))])


def same(one: Pair, other: Pair) -> None:
    for leaf, expected in zip(jax.tree.leaves(other), jax.tree.leaves(one), strict=True):
        array = np.asarray(leaf)
        assert (array.shape, array.dtype) == (expected.shape, expected.dtype)
        assert array.tobytes() == expected.tobytes()  # not a number is a number like any other here


@given(trees())
def test_every_bit_comes_back_on_the_host(tree: Pair) -> None:
    packing = Packing(tree)
    same(tree, packing.read(packing.write(tree)))


def test_every_bit_comes_back_from_a_program() -> None:
    tree = Pair(
        np.array([[1.5, -0.0], [np.inf, np.nan]], np.float32),
        [np.int32(-7), np.array([True, False]), np.array(2**32 - 1, np.uint32), np.float32(1e-45)],
    )
    packing = Packing(tree)
    words = packing.write(tree)
    through = jax.jit(lambda words: packing.pack(packing.unpack(words)))(words)
    np.testing.assert_array_equal(through, words)
    same(tree, packing.read(through))
