"""Activation functions, chosen inside a program by a traced code, with their slopes."""

from collections.abc import Callable, Mapping

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float, Int

from app.schemas.network import ACTIVATIONS, OUTPUT_ACTIVATIONS, ActivationName, OutputActivationName

Elementwise = Callable[[Array], Array]

FUNCTIONS: Mapping[ActivationName, Elementwise] = {
    "linear": lambda z: z,
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "hard_tanh": jax.nn.hard_tanh,
    "relu": jax.nn.relu,
    "leaky_relu": lambda z: jnp.where(z >= 0, z, 0.01 * z),
    "elu": jax.nn.elu,
    "selu": jax.nn.selu,
    "gelu": lambda z: jax.nn.gelu(z, approximate=False),
    "silu": jax.nn.silu,
    "softplus": jax.nn.softplus,
    "sine": jnp.sin,
}


def activation_code(name: ActivationName) -> int:
    """The code by which programs know an activation."""
    return ACTIVATIONS.index(name)


def output_activation_code(name: OutputActivationName) -> int:
    """The code by which programs know an output activation."""
    return OUTPUT_ACTIVATIONS.index(name)


def activate(code: Int[Array, ""], z: Float[Array, "*values"]) -> Float[Array, "*values"]:
    """The activation `code` of pre-activations `z`."""
    return lax.switch(code, [FUNCTIONS[name] for name in ACTIVATIONS], z)


def activate_with_slope(
    code: Int[Array, ""], z: Float[Array, "*values"]
) -> tuple[Float[Array, "*values"], Float[Array, "*values"]]:
    """The activation and its derivative at `z`. At a kink the derivative is JAX's: 0 for ReLU at 0."""
    return lax.switch(code, [_with_slope(FUNCTIONS[name]) for name in ACTIVATIONS], z)


def activate_output(
    code: Int[Array, ""], z: Float[Array, "outputs samples"]
) -> tuple[Float[Array, "outputs samples"], Float[Array, "outputs samples"]]:
    """The output activation and its elementwise derivative.

    Softmax goes over the outputs, where padded logits are -1e30; its derivative is not elementwise, is never used (its
    loss starts from logits) and is returned as ones.
    """

    functions = [_with_slope(FUNCTIONS[name]) for name in OUTPUT_ACTIVATIONS if name != "softmax"]

    def elementwise(logits: Array) -> tuple[Array, Array]:
        """Chosen value by value: a branch for each would be compiled for itself."""
        values, slopes = zip(*(function(logits) for function in functions), strict=True)
        place = jnp.minimum(code, len(functions) - 1)
        return lax.select_n(place, *values), lax.select_n(place, *slopes)

    def softmax(logits: Array) -> tuple[Array, Array]:
        return jax.nn.softmax(logits, axis=0), jnp.ones_like(logits)

    return lax.cond(code == OUTPUT_ACTIVATIONS.index("softmax"), softmax, elementwise, z)


def _with_slope(function: Elementwise) -> Callable[[Array], tuple[Array, Array]]:
    return lambda z: jax.jvp(function, (z,), (jnp.ones_like(z),))
