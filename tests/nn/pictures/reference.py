"""The judge of networks for pictures: NumPy, float64, window by window, without JAX or `app.nn`.

Samples come first: pictures are (samples, channels, height, width), rows (samples, values). Gradients are finite
differences.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.schemas.picture_network import PictureLayer, Residual
from tests.nn.reference import ACTIVATIONS, Values

Tensors = dict[str, Values]

EPSILON = 1e-5


@dataclass
class Reference:
    """A network whose every layer is computed as its definition reads."""

    layers: Sequence[PictureLayer]
    tensors: Mapping[str, np.ndarray]
    statistics: Mapping[str, np.ndarray]

    def __post_init__(self) -> None:
        self.tensors = {name: np.asarray(values, np.float64) for name, values in self.tensors.items()}
        self.statistics = {name: np.asarray(values, np.float64) for name, values in self.statistics.items()}

    def respond(
        self, inputs: Values, *, training: bool, scales: Mapping[int, Values] | None = None
    ) -> tuple[list[Values], list[Values], Tensors]:
        """Each layer's pre-activations (the logits last) and outputs, and the statistics afterwards.

        `scales` are what dropout layers multiply by.
        """
        updated = dict(self.statistics)
        batch = (scales or {}, updated) if training else (None, None)
        pre_activations, outputs, signal = list[Values](), list[Values](), inputs
        for index, layer in enumerate(self.layers):
            pre_activations.append(self._before_activation(index, layer, signal, *batch))
            activation = getattr(layer, "activation", "linear")
            signal = ACTIVATIONS[activation].value(pre_activations[-1])
            outputs.append(signal)
        last = f"layers.{len(self.layers)}"
        pre_activations.append(signal @ self.tensors[f"{last}.weight"] + self.tensors[f"{last}.bias"])
        return pre_activations, outputs, updated

    def logits(self, inputs: Values, *, training: bool = False, scales: Mapping[int, Values] | None = None) -> Values:
        return self.respond(inputs, training=training, scales=scales)[0][-1]

    def gradients(
        self, inputs: Values, loss: Callable[[Values], float], scales: Mapping[int, Values] | None = None
    ) -> Tensors:
        """The gradient of `loss` of the logits in training mode, by central differences."""
        gradients: Tensors = {}
        for name, values in self.tensors.items():
            gradients[name] = np.empty_like(values)
            for place in np.ndindex(values.shape):
                kept, sides = values[place], list[float]()
                for step in (1e-6, -1e-6):
                    values[place] = kept + step
                    sides.append(loss(self.logits(inputs, training=True, scales=scales)))
                values[place] = kept
                gradients[name][place] = (sides[0] - sides[1]) / 2e-6
        return gradients

    def _before_activation(
        self, index: int, layer: PictureLayer, x: Values, scales: Mapping[int, Values] | None, updated: Tensors | None
    ) -> Values:
        name = f"layers.{index}"
        match layer.kind:
            case "conv2d":
                return self._conv(name, x, layer.stride, layer.padding, layer.dilation)
            case "batch_norm":
                return self._batch_norm(name, x, layer.momentum, updated)
            case "layer_norm":
                axes = tuple(range(1, x.ndim))
                centred = x - x.mean(axes, keepdims=True)
                return self._scaled(name, centred / np.sqrt(x.var(axes, keepdims=True) + EPSILON))
            case "dropout":
                return x if scales is None else x * scales[index].reshape(x.shape)
            case "dense":
                return x @ self.tensors[f"{name}.weight"] + self.tensors[f"{name}.bias"]
            case "residual":
                return self._residual(name, layer, x, updated)
            case _:
                return regrouped(layer, x)

    def _residual(self, name: str, layer: Residual, x: Values, updated: Tensors | None) -> Values:
        def conv_and_norm(conv: str, norm: str, x: Values, stride: int, padding: int) -> Values:
            z = self._conv(f"{name}.{conv}", x, stride, padding)
            return self._batch_norm(f"{name}.{norm}", z, layer.momentum, updated)

        inner = ACTIVATIONS[layer.activation].value(conv_and_norm("conv1", "norm1", x, layer.stride, 1))
        z = conv_and_norm("conv2", "norm2", inner, 1, 1)
        if f"{name}.shortcut.weight" in self.tensors:
            x = conv_and_norm("shortcut", "shortcut_norm", x, layer.stride, 0)
        return z + x

    def _conv(self, name: str, x: Values, stride: int, padding: int, dilation: int = 1) -> Values:
        weight, bias = self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]
        return convolved(x, weight, bias, stride, padding, dilation)

    def _batch_norm(self, name: str, x: Values, momentum: float, updated: Tensors | None) -> Values:
        """By the batch where running statistics are `updated`, by those otherwise."""
        kept = mean, variance = [self.statistics[f"{name}.running_{kind}"] for kind in ("mean", "variance")]
        if updated is not None:
            axes, count = (0, *range(2, x.ndim)), x.size // x.shape[1]
            mean, variance = x.mean(axes), x.var(axes)
            unbiased = variance * count / max(count - 1, 1)
            updated[f"{name}.running_mean"] = momentum * kept[0] + (1 - momentum) * mean
            updated[f"{name}.running_variance"] = momentum * kept[1] + (1 - momentum) * unbiased
        return self._scaled(name, (x - _channels(mean, x)) / np.sqrt(_channels(variance, x) + EPSILON))

    def _scaled(self, name: str, x: Values) -> Values:
        return x * _channels(self.tensors[f"{name}.weight"], x) + _channels(self.tensors[f"{name}.bias"], x)


def regrouped(layer: PictureLayer, x: Values) -> Values:
    """What layers without parameters make of pictures."""
    match layer.kind:
        case "max_pool":
            return pooled(x, layer.size, layer.stride or layer.size, np.max)
        case "average_pool":
            return pooled(x, layer.size, layer.stride or layer.size, np.mean)
        case "global_average_pool":
            return x.mean((2, 3))
        case _:
            return x.reshape(len(x), -1)


def convolved(x: Values, weight: Values, bias: Values, stride: int, padding: int, dilation: int) -> Values:
    """Each place of the result from the patch that lies under the kernel there."""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    reach = dilation * (weight.shape[0] - 1) + 1
    rows, columns = ((side - reach) // stride + 1 for side in x.shape[2:])
    result = np.empty((len(x), weight.shape[3], rows, columns))
    for row, column in np.ndindex(rows, columns):
        top, left = row * stride, column * stride
        patch = x[:, :, top : top + reach : dilation, left : left + reach : dilation]
        result[:, :, row, column] = np.einsum("schw,hwcf->sf", patch, weight) + bias
    return result


def pooled(x: Values, size: int, stride: int, of_window: Callable[..., Values]) -> Values:
    """Each place of the result from the window that lies there."""
    rows, columns = ((side - size) // stride + 1 for side in x.shape[2:])
    result = np.empty((*x.shape[:2], rows, columns))
    for row, column in np.ndindex(rows, columns):
        top, left = row * stride, column * stride
        result[:, :, row, column] = of_window(x[:, :, top : top + size, left : left + size], axis=(2, 3))
    return result


def _channels(values: Values, x: Values) -> Values:
    return values.reshape(1, -1, *(1 for _ in x.shape[2:]))
