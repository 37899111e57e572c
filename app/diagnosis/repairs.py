"""What is offered to put things right: merge patches on the Experiment, with words for a button."""

from collections.abc import Collection
from typing import Any

from app.diagnosis.case import Case
from app.schemas.finding import Repair
from app.schemas.network import ActivationName, UniformInitializer
from app.schemas.training import NoClipping

_LARGE_WEIGHTS = 1.0
"""From here on first weights of the uniform initialiser are too large for deep networks."""
_RECTIFIERS = ("relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus")


def usual_rate(case: Case, *, reset: bool) -> Repair:
    """The learning rate that suits the optimiser."""
    patch = {"training": {"optimizer": {"learning_rate": case.usual_rate}}}
    return Repair(label=_label(f"Set the learning rate to {case.usual_rate:g}", reset=reset), patch=patch, reset=reset)


def gentler_steps(case: Case) -> Repair:
    """Smaller steps from the beginning: at the usual learning rate where that is less, else clipped, else a tenth."""
    training = case.setup.experiment.training
    if training.optimizer.learning_rate > case.usual_rate:
        return usual_rate(case, reset=True)
    if isinstance(training.clipping, NoClipping):
        return clipped()
    rate = training.optimizer.learning_rate / 10
    patch: dict[str, Any] = {"training": {"optimizer": {"learning_rate": rate}}}
    return Repair(label=f"Set the learning rate to {rate:.3g} and start again", patch=patch, reset=True)


def clipped() -> Repair:
    """No gradient longer than 1."""
    patch: dict[str, Any] = {"training": {"clipping": {"kind": "norm", "threshold": 1.0}}}
    return Repair(label="Clip the gradient to length 1 and start again", patch=patch, reset=True)


def smaller_weights(case: Case) -> Repair | None:
    """First weights that suit the activations, where those chosen are too large."""
    init = case.setup.experiment.network.init
    large = isinstance(init, UniformInitializer) and init.scale > _LARGE_WEIGHTS
    return suited_weights(case) if large else None


def suited_weights(case: Case, bias: float = 0.0) -> Repair:
    """First weights of the size that carries signals through the layers."""
    rectified = sum(layer.activation in _RECTIFIERS for layer in case.layers) * 2 > len(case.layers)
    kind, name = ("he", "He") if rectified else ("xavier", "Xavier")
    patch: dict[str, Any] = {"network": {"init": {"kind": kind, "bias": bias}}}
    return Repair(label=f"Start again with {name} weights", patch=patch, reset=True)


def random_weights() -> Repair:
    """Small first weights that differ."""
    patch: dict[str, Any] = {"network": {"init": {"kind": "uniform", "scale": 0.5, "bias": 0.1}}}
    return Repair(label="Start again with random weights", patch=patch, reset=True)


def other_activation(case: Case, replaced: Collection[ActivationName], new: ActivationName, name: str) -> Repair:
    """Another activation for all layers that have one of those, from the beginning."""
    layers = [layer.model_dump(mode="json", exclude_unset=True) for layer in case.layers]
    for document, layer in zip(layers, case.layers, strict=True):
        if layer.activation in replaced:
            document["activation"] = new
    return Repair(label=f"Change to {name} and start again", patch={"network": {"layers": layers}}, reset=True)


def scaled_features() -> Repair:
    """Every feature with mean 0 and deviation 1."""
    return Repair(label="Standardise the features", patch={"data": {"scaling": "standard"}}, reset=True)


def _label(text: str, *, reset: bool) -> str:
    return f"{text} and start again" if reset else text
