"""What the layers of a network for pictures compute: pure functions of arrays whose last axis is the samples.

Convolutions are what the kernel's places see, one below the other, and one matrix product. JAX differentiates all but
what it would do badly: gathering windows, and the maximum of one, have their gradients written by hand.
"""

from functools import partial

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Bool, Float

EPSILON = 1e-5
"""What norms add to variances, as in PyTorch."""

Picture = Float[Array, "channels height width samples"]
Maps = Float[Array, "maps rows columns samples"]
"""What is made of a picture, of which everything but the samples may be another."""


def convolved(
    x: Picture,
    weight: Float[Array, "filters patch"],
    bias: Float[Array, " filters"],
    *,
    kernel: int,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> Maps:
    """The cross-correlation of zero-padded pictures with square kernels; a patch is (row, column, channel)."""
    around = (padding, padding)
    windows: Array = _windows(jnp.pad(x, ((0, 0), around, around, (0, 0))), kernel, stride, dilation)
    z = weight @ windows.reshape(weight.shape[1], -1) + bias[:, None]
    return z.reshape(-1, *windows.shape[2:])


@partial(jax.custom_vjp, nondiff_argnums=(1, 2, 3))
def _windows(
    x: Picture, kernel: int, stride: int, dilation: int
) -> Float[Array, "places channels rows columns samples"]:
    """For each place of a kernel, line by line, what lies there wherever the kernel fits.

    A loop over places compiles in half the time of as many slices, forwards and backwards, and runs as fast.
    """
    channels, *sides, samples = x.shape
    rows, columns = ((side - dilation * (kernel - 1) - 1) // stride + 1 for side in sides)
    reach = (channels, stride * (rows - 1) + 1, stride * (columns - 1) + 1, samples)

    def place(index: Array, windows: Array) -> Array:
        part = lax.dynamic_slice(x, _start(index, kernel, dilation), reach)[:, ::stride, ::stride]
        return lax.dynamic_update_index_in_dim(windows, part, index, 0)

    return lax.fori_loop(0, kernel**2, place, jnp.zeros((kernel**2, channels, rows, columns, samples)))


def _windows_forward(x: Array, kernel: int, stride: int, dilation: int) -> tuple[Array, Array]:
    return _windows(x, kernel, stride, dilation), jnp.zeros((0, *x.shape))


def _windows_backward(kernel: int, stride: int, dilation: int, like: Array, gradient: Array) -> tuple[Array]:
    apart = (0, 0, stride - 1)

    def place(index: Array, total: Array) -> Array:
        share = lax.dynamic_index_in_dim(gradient, index, keepdims=False)
        share = lax.pad(share, jnp.float32(0), [(0, 0, 0), apart, apart, (0, 0, 0)])
        start = _start(index, kernel, dilation)
        return lax.dynamic_update_slice(total, lax.dynamic_slice(total, start, share.shape) + share, start)

    return (lax.fori_loop(0, kernel**2, place, jnp.zeros(like.shape[1:])),)


_windows.defvjp(_windows_forward, _windows_backward)


def _start(index: Array, kernel: int, dilation: int) -> tuple[Array | int, ...]:
    """Where the picture begins that a place of the kernel sees."""
    return 0, lax.div(index, kernel) * dilation, lax.rem(index, kernel) * dilation, 0


@partial(jax.custom_vjp, nondiff_argnums=(1, 2))
def max_pooled(x: Picture, size: int, stride: int) -> Maps:
    """The largest value of each window; its gradient goes to the first of equal ones, as in PyTorch."""
    return _largest(_slices(x, size, stride))


def _largest(slices: list[Array]) -> Array:
    largest = slices[0]
    for values in slices[1:]:
        largest = jnp.maximum(largest, values)
    return largest


def _max_pooled_forward(x: Array, size: int, stride: int) -> tuple[Array, tuple[Array, Array]]:
    largest = _largest(_slices(x, size, stride))
    return largest, (x, largest)


def _max_pooled_backward(size: int, stride: int, kept: tuple[Array, Array], gradient: Array) -> tuple[Array]:
    # Which place it was is found only here: what measures need not know.
    x, largest = kept
    shape, slices = x.shape, _slices(x, size, stride)
    winner = jnp.full(largest.shape, len(slices) - 1)
    for place in reversed(range(len(slices) - 1)):
        winner = jnp.where(slices[place] == largest, place, winner)
    if size == stride:
        rows, columns = gradient.shape[1:3]
        places = jnp.arange(size * size).reshape(size, 1, size, 1)
        spread = jnp.where(winner[:, :, None, :, None] == places, gradient[:, :, None, :, None], 0)
        spread = spread.reshape(shape[0], rows * size, columns * size, shape[3])
        rest = [(0, whole - part) for whole, part in zip(shape, spread.shape, strict=True)]
        return (jnp.pad(spread, rest),)
    shares = [jnp.where(winner == place, gradient, 0) for place in range(size * size)]
    return (_back(shares, shape, size, stride),)


max_pooled.defvjp(_max_pooled_forward, _max_pooled_backward)


def average_pooled(x: Picture, size: int, stride: int) -> Maps:
    """The mean of each window."""
    return sum(_slices(x, size, stride), jnp.float32(0)) / size**2


def _slices(x: Array, size: int, stride: int) -> list[Array]:
    """For each place of a window, line by line, what lies there in all windows; those that do not fit are left out."""
    channels, height, width, samples = x.shape
    rows, columns = height - size + 1, width - size + 1
    return [
        lax.slice(x, (0, top, left, 0), (channels, top + rows, left + columns, samples), (1, stride, stride, 1))
        for top in range(size)
        for left in range(size)
    ]


def _back(shares: list[Array], shape: tuple[int, ...], size: int, stride: int) -> Array:
    """The transpose of `_slices`: the sum of what goes to each place."""
    total = jnp.zeros(shape)
    for place, share in enumerate(shares):
        edges = [(0, 0, 0)]
        for start, count, length in zip(divmod(place, size), share.shape[1:3], shape[1:3], strict=True):
            edges.append((start, length - start - stride * (count - 1) - 1, stride - 1))
        total = total + lax.pad(share, jnp.float32(0), [*edges, (0, 0, 0)])
    return total


def moments(
    x: Float[Array, "channels *places samples"], real: Bool[Array, " samples"]
) -> tuple[Float[Array, " channels"], Float[Array, " channels"], Float[Array, ""]]:
    """Each channel's mean and biased variance over the real samples, and of how many values they are."""
    axes = tuple(range(1, x.ndim))
    count = jnp.sum(real) * (x[0].size // x.shape[-1])
    mean = jnp.sum(jnp.where(real, x, 0), axes) / count
    variance = jnp.sum(jnp.where(real, (x - by_channel(mean, x)) ** 2, 0), axes) / count
    return mean, variance, count.astype(jnp.float32)


def by_channel(
    values: Float[Array, " channels"], x: Float[Array, "channels *places samples"]
) -> Float[Array, "channels ..."]:
    """One value for each channel, to be broadcast over `x`."""
    return values.reshape(-1, *(1 for _ in x.shape[1:]))


def layer_normed(x: Float[Array, "channels *places samples"]) -> Float[Array, "channels *places samples"]:
    """All values of each sample brought to mean 0 and deviation 1."""
    axes = tuple(range(x.ndim - 1))
    centred = x - jnp.mean(x, axes)
    return centred * lax.rsqrt(jnp.mean(centred**2, axes) + EPSILON)
