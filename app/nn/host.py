"""NumPy values where programs expect arrays: `jit` takes both, and NumPy needs no compile; only type checkers care."""

from typing import TYPE_CHECKING, Any, cast

import numpy as np

if TYPE_CHECKING:
    from jax import Array
else:
    Array = Any  # what is promised to type checkers is not so at run time, when the tests check types


def host(value: np.generic | np.ndarray) -> Array:
    """The same value, typed as what it becomes once it is inside a program."""
    return cast("Array", value)


def integer(value: int) -> Array:
    """A scalar of 32 bits."""
    return host(np.int32(value))


def real(value: float | int) -> Array:
    """A scalar in single precision."""
    return host(np.float32(value))
