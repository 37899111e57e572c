"""What choices are called on the page. Models carry their own titles; this names plain words of the schemas."""

from typing import Final

_LABELS: Final = {
    "half_squared_error": "Half squared error",
    "mean_squared_error": "Mean squared error",
    "mean_absolute_error": "Mean absolute error",
    "huber": "Huber",
    "binary_cross_entropy": "Binary cross-entropy",
    "categorical_cross_entropy": "Cross-entropy",
    "cross_entropy_and_smooth_l1": "Class + box",
    "hinge": "Hinge",
    "linear": "Linear",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "hard_tanh": "Hard tanh",
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "elu": "ELU",
    "selu": "SELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "softplus": "Softplus",
    "sine": "Sine",
    "softmax": "Softmax",
    "none": "None",
    "standard": "Standardise",
    "min_max": "To 0…1",
    "x1": "x₁",
    "x2": "x₂",
    "x1^2": "x₁²",
    "x2^2": "x₂²",
    "x1*x2": "x₁x₂",
    "sin(x1)": "sin x₁",
    "sin(x2)": "sin x₂",
    "cos(x1)": "cos x₁",
    "cos(x2)": "cos x₂",
    "radius": "radius",
    "data": "Dataset",
    "train_fraction": "Training share",
    "validation_fraction": "Validation share",
    "units": "Neurons",
    "init": "First weights",
    "optimizer": "Optimiser",
    "learning_rate": "Learning rate",
    "beta1": "Beta 1",
    "beta2": "Beta 2",
    "every": "Every … epochs",
    "epochs": "Epochs",
    "min_delta": "Least improvement",
    "r2": "R²",
    "mean_iou": "Mean IoU",
}


def label(name: str) -> str:
    """The name in words: `leaky_relu` is “Leaky ReLU”, `weight_decay` “Weight decay”."""
    return _LABELS.get(name) or name.replace("_", " ").capitalize()
