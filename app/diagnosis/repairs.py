"""What is offered to put things right: merge patches on the Experiment, with words for a button."""

from collections.abc import Collection

from app.diagnosis.case import Case
from app.schemas.finding import Repair
from app.schemas.network import ActivationName, OrthogonalInitializer, UniformInitializer
from app.schemas.training import NoClipping

_LARGE_SCALE, _LARGE_GAIN = 1.0, 1.5
"""Beyond these, uniform and orthogonal first weights are too large for deep networks."""
_STRONG_PENALTY = 0.05
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
    patch = {"training": {"optimizer": {"learning_rate": rate}}}
    return Repair(label=f"Set the learning rate to {rate:.3g} and start again", patch=patch, reset=True)


def clipped() -> Repair:
    """No gradient longer than 1."""
    patch = {"training": {"clipping": {"kind": "norm", "threshold": 1.0}}}
    return Repair(label="Clip the gradient to length 1 and start again", patch=patch, reset=True)


def smaller_weights(case: Case) -> Repair | None:
    """First weights that suit the activations, where those chosen are too large."""
    init = case.setup.experiment.network.init
    uniform = isinstance(init, UniformInitializer) and init.scale > _LARGE_SCALE
    orthogonal = isinstance(init, OrthogonalInitializer) and init.gain > _LARGE_GAIN
    return suited_weights(case) if uniform or orthogonal else None


def suited_weights(case: Case, bias: float = 0.0) -> Repair:
    """First weights of the size that carries signals through the layers."""
    rectified = sum(layer.activation in _RECTIFIERS for layer in case.layers) * 2 > len(case.layers)
    kind, name = ("he", "He") if rectified else ("xavier", "Xavier")
    patch = {"network": {"init": {"kind": kind, "bias": bias}}}
    return Repair(label=f"Start again with {name} weights", patch=patch, reset=True)


def random_weights() -> Repair:
    """Small first weights that differ."""
    patch = {"network": {"init": {"kind": "uniform", "scale": 0.5, "bias": 0.1}}}
    return Repair(label="Start again with random weights", patch=patch, reset=True)


def other_activation(case: Case, replaced: Collection[ActivationName], new: ActivationName, name: str) -> Repair:
    """Another activation for all layers that have one of those, from the beginning."""
    layers = [layer.model_dump(mode="json", exclude_unset=True) for layer in case.layers]
    for document, layer in zip(layers, case.layers, strict=True):
        if layer.activation in replaced:
            document["activation"] = new
    return Repair(label=f"Change to {name} and start again", patch={"network": {"layers": layers}}, reset=True)


def without_penalty(case: Case) -> Repair | None:
    """No L1 and L2, where they are strong."""
    regularization = case.setup.experiment.training.regularization
    if max(regularization.l1, regularization.l2) <= _STRONG_PENALTY:
        return None
    patch = {"training": {"regularization": {"l1": 0.0, "l2": 0.0}}}
    return Repair(label="Switch L1 and L2 off and start again", patch=patch, reset=True)


def balanced_classes() -> Repair:
    """Every class has the same say."""
    return Repair(label="Balance the classes", patch={"training": {"balance_classes": True}}, reset=False)


def scaled_features() -> Repair:
    """Every feature with mean 0 and deviation 1."""
    return Repair(label="Standardise the features", patch={"data": {"scaling": "standard"}}, reset=True)


def _label(text: str, *, reset: bool) -> str:
    return f"{text} and start again" if reset else text
