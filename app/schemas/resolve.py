"""Fills in what an Experiment derives rather than states: the one place where such defaults are decided.

The loss, the output activation and the encoding of targets depend on the task, which app.data tells from the data.
"""

from dataclasses import dataclass
from typing import Literal

from app.errors import InvalidInput
from app.schemas.data import Generated, Task
from app.schemas.experiment import Form, PictureExperiment, PlaneExperiment
from app.schemas.fixed import FIXED, TASKS, with_fixed
from app.schemas.network import OutputActivationName
from app.schemas.picture_data import PictureDataBase
from app.schemas.training import LossName

TargetEncoding = Literal["value", "sign", "zero_one", "one_hot", "sign_one_hot", "one_hot_and_box"]

BOX = 4
"""Numbers that say where something is: the middle's x and y, width and height."""

_LEARNT = {"regression": "values", "detection": "boxes"}
CLASSIFICATION_LOSSES: tuple[LossName, ...] = ("binary_cross_entropy", "categorical_cross_entropy", "hinge")


@dataclass(frozen=True)
class Problem:
    """What the data asks for: a class out of `classes`, also where it is (detection), or, when that is 0, a value."""

    task: Task
    classes: int = 0


def resolve(experiment: Form, problem: Problem) -> Form:
    """The same Experiment with nothing left unset but early stopping, which may be off, and what its family lacks.

    Raises InvalidInput where loss or output activation do not fit the task, or something does not fit the family.
    """
    experiment = with_fixed(experiment)
    if problem.task not in TASKS[experiment.family]:
        message = f"a {experiment.family} tells classes apart and cannot learn {_LEARNT[problem.task]}"
        raise InvalidInput.at("data.kind", message)
    data, network, training = experiment.data, experiment.network, experiment.training
    loss, output_activation = training.loss, network.output_activation
    if "training.loss" not in FIXED[experiment.family]:
        loss = loss or _default_loss(experiment, problem)
        _check_loss(loss, problem)
        wanted = _output_activation(loss, problem)
        output_activation = output_activation or wanted
        _check_output_activation(output_activation, loss, wanted)
    data_update: dict[str, object] = {"seed": experiment.seed if data.seed is None else data.seed}
    if isinstance(data, Generated | PictureDataBase) and data.samples is None:
        data_update["samples"] = data.default_samples
    return experiment.model_copy(
        update={
            "data": data.model_copy(update=data_update),
            "network": network.model_copy(update={"output_activation": output_activation}),
            "training": training.model_copy(update={"loss": loss}),
        }
    )


def _default_loss(experiment: PlaneExperiment | PictureExperiment, problem: Problem) -> LossName:
    if isinstance(experiment, PictureExperiment) and problem.task == "classification":
        return "categorical_cross_entropy"
    return losses_for(problem)[0]


def target_encoding(loss: LossName | None, problem: Problem) -> TargetEncoding:
    """How classes become numbers: ±1 or 0/1 for two classes, one-hot for more, as the loss wants them.

    Hinge, and whoever learns without a loss, wants ±1 for each class; categorical cross-entropy wants one-hot, even for
    two classes.
    """
    if problem.task == "regression":
        return "value"
    if problem.task == "detection":
        return "one_hot_and_box"
    if loss == "categorical_cross_entropy":
        return "one_hot"
    if loss == "binary_cross_entropy":
        return "zero_one"
    if loss in ("hinge", None):
        return "sign" if problem.classes == 2 else "sign_one_hot"
    return "sign" if problem.classes == 2 else "one_hot"


def outputs(loss: LossName | None, problem: Problem) -> int:
    """The number of units of the output layer."""
    encoding = target_encoding(loss, problem)
    if encoding == "one_hot_and_box":
        return problem.classes + BOX
    return problem.classes if encoding in ("one_hot", "sign_one_hot") else 1


def losses_for(problem: Problem) -> tuple[LossName, ...]:
    """The losses that fit the task, the default first."""
    squared: tuple[LossName, ...] = ("half_squared_error", "mean_squared_error", "mean_absolute_error", "huber")
    if problem.task == "regression":
        return squared
    if problem.task == "detection":
        return ("cross_entropy_and_smooth_l1",)
    if problem.classes == 2:
        return (*squared, *CLASSIFICATION_LOSSES)
    return ("categorical_cross_entropy", *squared, "hinge")


def _check_loss(loss: LossName, problem: Problem) -> None:
    fitting = losses_for(problem)
    if loss not in fitting:
        what = f"{problem.classes} classes" if problem.task == "classification" else f"a {problem.task} task"
        message = f"{loss} does not fit {what}; choose one of {', '.join(fitting)}"
        raise InvalidInput.at("training.loss", message)


def _output_activation(loss: LossName, problem: Problem) -> OutputActivationName:
    if problem.task == "regression" or loss == "hinge":
        return "linear"
    if loss == "binary_cross_entropy":
        return "sigmoid"
    if loss in ("categorical_cross_entropy", "cross_entropy_and_smooth_l1"):
        return "softmax"
    return "tanh" if problem.classes == 2 else "sigmoid"


def _check_output_activation(chosen: OutputActivationName, loss: LossName, wanted: OutputActivationName) -> None:
    """Cross-entropies are computed from logits with the activation built in; softmax belongs to them alone."""
    fixed = loss in ("binary_cross_entropy", "categorical_cross_entropy", "cross_entropy_and_smooth_l1")
    if chosen != wanted and (fixed or chosen == "softmax"):
        message = f"{chosen} does not fit {loss}" + (f", which has {wanted} built in" if fixed else "")
        raise InvalidInput.at("network.output_activation", message)
