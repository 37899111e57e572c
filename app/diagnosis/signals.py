"""What signals on their way through the network tell: forwards in its neurons, backwards in its gradients."""

import numpy as np

from app.diagnosis.case import Case
from app.diagnosis.repairs import (
    gentler_steps,
    other_activation,
    random_weights,
    smaller_weights,
    suited_weights,
    without_penalty,
)
from app.schemas.finding import Finding, Repair
from app.schemas.network import ActivationName

_MOST = 0.5
"""A layer is dead where at least this share of its neurons is."""
_STUCK = 0.95
"""A layer is saturated where at least this share of what its neurons answer is."""
_LIMITS: dict[ActivationName, float] = {"tanh": 3.0, "sigmoid": 6.0, "hard_tanh": 1.0}
"""Beyond these pre-activations the slope is below a hundredth of the steepest."""
_VANISHED = 1e-3
_EXPLODED = 100.0
_FAIR_BATCH = 8
"""The gradient of fewer samples says little of the others."""


def symmetric_weights(case: Case) -> Finding | None:
    """A layer whose neurons all have the same weights, and so get the same gradients for ever."""
    for index, layer in enumerate(case.layers):
        weights, biases = case.tensors[f"layers.{index}.weight"], case.tensors[f"layers.{index}.bias"]
        if layer.units > 1 and (weights == weights[:, :1]).all() and (biases == biases[0]).all():
            return Finding(
                code="symmetric_weights",
                layer=index,
                title="All neurons are twins",
                words=f"The {layer.units} neurons of {case.layer_name(index)} have the same weights, so they get the "
                "same corrections and stay the same for ever: they are worth no more than one. First weights must "
                "differ.",
                evidence={"neurons": layer.units, "different_neurons": 1},
                repair=random_weights(),
            )
    return None


def dead_neurons(case: Case) -> Finding | None:
    """A layer in which ReLU gives 0 for every training sample."""
    for index, layer in enumerate(case.layers):
        if layer.activation != "relu" or case.learnt:
            continue
        highest = case.pre_activations(index).max(axis=1)
        dead = highest <= 0
        if dead.mean() >= _MOST:
            return Finding(
                code="dead_neurons",
                layer=index,
                title="Dead neurons",
                words=f"{dead.sum()} of the {layer.units} neurons in {case.layer_name(index)} answer 0 to every point. "
                "ReLU has no slope there, so they get no gradient and can never wake up: dying ReLU.",
                evidence={
                    "dead_neurons": int(dead.sum()),
                    "neurons": layer.units,
                    "highest_input_of_a_dead_one": float(highest[dead].max()),
                },
                repair=_revived(case),
            )
    return None


def saturated_neurons(case: Case) -> Finding | None:
    """A layer that is driven to where its activation function is flat."""
    for index, layer in enumerate(case.layers):
        limit = _LIMITS.get(layer.activation)
        if limit is None or case.learnt:
            continue
        sizes = np.abs(case.pre_activations(index))
        share = float((sizes >= limit).mean())
        if share >= _STUCK:
            return Finding(
                code="saturated_neurons",
                layer=index,
                title="Saturated neurons",
                words=f"The neurons of {case.layer_name(index)} are pushed to their limits by nearly every point. "
                "There the activation is flat, so hardly any gradient comes through and they learn almost nothing.",
                evidence={"saturated_share": share, "typical_input": float(np.median(sizes)), "limit": limit},
                repair=_calmed(case),
            )
    return None


def vanishing_gradients(case: Case) -> Finding | None:
    """A hidden layer whose gradient is next to nothing beside that of the output layer."""
    norms = case.gradient_norms()
    layer = int(np.argmin(norms))
    if case.learnt or min(case.setup.experiment.training.batch_size, case.trained) < _FAIR_BATCH:
        return None
    if layer == len(norms) - 1 or not 0 < norms[layer] < _VANISHED * norms[-1]:
        return None
    return Finding(
        code="vanishing_gradients",
        layer=layer,
        title="The gradient vanishes",
        words=f"The signal that tells weights how to change shrinks at every layer on its way back. In "
        f"{case.layer_name(layer)} so little of it is left that it hardly learns.",
        evidence={
            "gradient_length": float(norms[layer]),
            "gradient_length_of_output": float(norms[-1]),
            "times_smaller": float(norms[-1] / norms[layer]),
        },
        repair=_opened(case),
    )


def exploding_gradients(case: Case) -> Finding | None:
    """A layer whose gradient is so long that a step along it throws the weights far away."""
    norms = case.gradient_norms()
    layer = int(np.argmax(norms))
    if norms[layer] < _EXPLODED:
        return None
    return Finding(
        code="exploding_gradients",
        layer=layer,
        title="The gradient explodes",
        words=f"The signal that tells weights how to change has become huge in {case.layer_name(layer)}. A step along "
        "it throws the weights far away.",
        evidence={"gradient_length": float(norms[layer]), "gradient_length_of_output": float(norms[-1])},
        repair=_gentler(case),
    )


def _gentler(case: Case) -> Repair | None:
    """Smaller weights or smaller steps, where those chosen are large; nothing helps where the data ask for it."""
    large_steps = case.optimizer.learning_rate > case.usual_rate
    return smaller_weights(case) or (gentler_steps(case) if large_steps else None)


def _revived(case: Case) -> Repair:
    """First biases that let signals through; where that is not it, an activation that cannot die."""
    if case.setup.experiment.network.init.bias < 0:
        return suited_weights(case, bias=0.1)
    return other_activation(case, ("relu",), "leaky_relu", "Leaky ReLU")


def _calmed(case: Case) -> Repair:
    """Smaller steps or smaller weights, by what has driven the neurons so far."""
    if case.optimizer.learning_rate > case.usual_rate:
        return gentler_steps(case)
    return suited_weights(case)


def _opened(case: Case) -> Repair | None:
    """No penalty that keeps weights at nothing, steeper activations, or first weights that carry signals through."""
    unpenalised = without_penalty(case)
    if unpenalised:
        return unpenalised
    if any(layer.activation == "sigmoid" for layer in case.layers):
        return other_activation(case, ("sigmoid",), "tanh", "Tanh")
    suited = suited_weights(case)
    return None if suited.patch["network"] == {"init": _kind_of(case)} else suited


def _kind_of(case: Case) -> dict[str, object]:
    init = case.setup.experiment.network.init
    return {"kind": init.kind, "bias": init.bias}
