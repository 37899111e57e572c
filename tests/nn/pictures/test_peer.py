"""Random networks against PyTorch, where it is installed: forward, loss, gradient, statistics, one step of Adam."""

from collections.abc import Callable
from typing import Any, TypeAlias

import jax
import numpy as np
import pytest

from app.nn.optimizers import initial_slots, optimizer_knobs, update
from app.nn.pictures.stack import Named, Stack
from app.schemas.picture_network import PictureLayer
from app.schemas.training import Adam
from tests.nn.pictures.passes import passes
from tests.nn.pictures.stacks import random_layers, random_tensors

torch: Any = pytest.importorskip("torch")
functional: Any = torch.nn.functional

# Where PyTorch is not installed there are no types of it to name.
Tensor: TypeAlias = Any
Operation = Callable[..., Tensor]

OUTPUTS, SAMPLES = 4, 6
RATE = 0.01
ACTIVATIONS: dict[str, Operation] = {
    "linear": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "hard_tanh": functional.hardtanh,
    "relu": functional.relu,
    "leaky_relu": functional.leaky_relu,
    "elu": functional.elu,
    "selu": functional.selu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "softplus": functional.softplus,
    "sine": torch.sin,
}


class Peer:
    """The same network in PyTorch's own functions. Its kernels are (out, in, row, column)."""

    def __init__(self, layers: tuple[PictureLayer, ...], tensors: Named, statistics: Named) -> None:
        self.layers = layers
        self.tensors: dict[str, Tensor] = {
            name: torch.from_numpy(_theirs(values)).requires_grad_() for name, values in tensors.items()
        }
        self.statistics: dict[str, Tensor] = {
            name: torch.from_numpy(values.copy()) for name, values in statistics.items()
        }

    def logits(self, x: Tensor, *, training: bool) -> Tensor:
        for index, layer in enumerate(self.layers):
            z = self._before_activation(f"layers.{index}", layer, x, training=training)
            x = ACTIVATIONS[getattr(layer, "activation", "linear")](z)
        return self._affine(functional.linear, f"layers.{len(self.layers)}", x)

    def _before_activation(self, name: str, layer: PictureLayer, x: Tensor, *, training: bool) -> Tensor:
        match layer.kind:
            case "conv2d":
                options = {"stride": layer.stride, "padding": layer.padding, "dilation": layer.dilation}
                return self._affine(functional.conv2d, name, x, **options)
            case "batch_norm":
                return self._batch_norm(name, x, layer.momentum, training=training)
            case "layer_norm":
                return functional.group_norm(x, 1, self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"])
            case "dense":
                return self._affine(functional.linear, name, x)
            case "residual":

                def part(conv: str, norm: str, x: Tensor, **options: int) -> Tensor:
                    z = self._affine(functional.conv2d, f"{name}.{conv}", x, **options)
                    return self._batch_norm(f"{name}.{norm}", z, layer.momentum, training=training)

                inner = ACTIVATIONS[layer.activation](part("conv1", "norm1", x, stride=layer.stride, padding=1))
                z = part("conv2", "norm2", inner, padding=1)
                shortcut = f"{name}.shortcut.weight" in self.tensors
                return z + (part("shortcut", "shortcut_norm", x, stride=layer.stride) if shortcut else x)
            case _:
                return _regrouped(layer, x)

    def _affine(self, function: Operation, name: str, x: Tensor, **options: int) -> Tensor:
        return function(x, self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"], **options)

    def _batch_norm(self, name: str, x: Tensor, momentum: float, *, training: bool) -> Tensor:
        statistics = (self.statistics[f"{name}.running_{kind}"] for kind in ("mean", "variance"))
        scale, shift = self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]
        return functional.batch_norm(x, *statistics, scale, shift, training=training, momentum=1 - momentum)


def _regrouped(layer: PictureLayer, x: Tensor) -> Tensor:
    match layer.kind:
        case "max_pool":
            return functional.max_pool2d(x, layer.size, layer.stride)
        case "average_pool":
            return functional.avg_pool2d(x, layer.size, layer.stride)
        case "global_average_pool":
            return x.mean((2, 3))
        case _:
            return x.flatten(1)


def _theirs(values: np.ndarray) -> np.ndarray:
    """Outputs first, as PyTorch has them."""
    axes = (3, 2, 0, 1) if values.ndim == 4 else range(values.ndim)[::-1]
    return values.transpose(*axes).copy()


@pytest.mark.parametrize("seed", range(10))
def test_a_random_network_does_as_pytorch_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(1, 4)), int(rng.integers(5, 9)), int(rng.integers(5, 9)))
    layers = random_layers(rng, shape, OUTPUTS, dropout=False)
    stack = Stack(layers, shape, OUTPUTS)
    tensors, statistics = random_tensors(rng, stack)
    inputs = rng.uniform(size=(SAMPLES, *shape)).astype(np.float32)
    labels = rng.integers(OUTPUTS, size=SAMPLES)

    peer = Peer(layers, tensors, statistics)
    given = torch.from_numpy(inputs)
    evaluated = peer.logits(given, training=False)
    logits = peer.logits(given, training=True)
    logits.retain_grad()
    optimizer = torch.optim.Adam(peer.tensors.values(), lr=RATE)
    functional.cross_entropy(logits, torch.from_numpy(labels)).backward()
    optimizer.step()

    found = passes(layers, tensors, statistics, inputs, logits.grad.numpy())
    _assert_close(found.pre_activations[-1], logits.detach().numpy())
    _assert_close(found.evaluated[-1], evaluated.detach().numpy())
    for name, expected in peer.statistics.items():
        _assert_close(found.statistics[name], expected.numpy())
    for name, expected in peer.tensors.items():
        _assert_close(_theirs(found.gradient[name]), expected.grad.numpy())
    # One step, where the gradient is not so small that its sign is rounding.
    trained = _stepped(stack, tensors, found.gradient)
    for name, expected in peer.tensors.items():
        clear = np.abs(expected.grad.numpy()) > 1e-4
        _assert_close(_theirs(trained[name])[clear], expected.detach().numpy()[clear])


def _stepped(stack: Stack, tensors: Named, gradient: Named) -> Named:
    spec = Adam(learning_rate=RATE)
    parameters = stack.parameters.pack(tensors)
    slots = initial_slots(spec, parameters.size)
    change, _ = jax.jit(update)(
        stack.parameters.pack(gradient), parameters, slots, optimizer_knobs(spec), stack.weights
    )
    return stack.parameters.unpack(parameters + np.asarray(change))


def _assert_close(found: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
