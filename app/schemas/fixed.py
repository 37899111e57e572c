"""What a family leaves no choice of: fields of the Experiment that can have one value only.

They keep their place in the document, so that all families share one form; app.schemas.resolve fills them in.
"""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from app.errors import FieldError, InvalidInput
from app.schemas.data import Task
from app.schemas.experiment import Experiment, Form, PlaneExperiment
from app.schemas.training import ConstantSchedule, NoClipping, Regularization

FIXED: Mapping[str, Mapping[str, Any]] = {
    "mlp": {},
    "perceptron": {
        "network.layers": (),
        "network.output_activation": None,
        "training.loss": None,
        "training.batch_size": 1,
        "training.balance_classes": False,
        "training.optimizer.kind": "sgd",
        "training.schedule": ConstantSchedule(),
        "training.regularization": Regularization(),
        "training.clipping": NoClipping(),
    },
    "cnn": {},
}
"""By family, the value of each field (steps joined by dots) that is fixed; None where it has none at all."""

TASKS: Mapping[str, tuple[Task, ...]] = {
    "mlp": ("classification", "regression"),
    "perceptron": ("classification",),
    "cnn": ("classification", "detection"),
}
"""What each family can learn: to tell classes apart, also to find where they are, or values."""


def with_fixed(experiment: Form) -> Form:
    """The Experiment with what its family fixes.

    Raises InvalidInput with the path of each field that is given another value. Defaults give way silently.
    """
    fixed = FIXED[experiment.family]
    misfits = [path for path, value in fixed.items() if _at(experiment, path) not in (value, _at(_DEFAULT, path))]
    if misfits:
        message = f"a {experiment.family} has no such choice"
        errors = tuple(FieldError(path, message) for path in misfits)
        raise InvalidInput(f"{', '.join(misfits)}: {message}.", errors)
    for section in ("network", "training"):
        update = {
            path.partition(".")[2]: value
            for path, value in fixed.items()
            if path.startswith(f"{section}.") and path.count(".") == 1
        }
        document = getattr(experiment, section).model_copy(update=update)
        experiment = experiment.model_copy(update={section: document})
    return experiment


def _at(experiment: Experiment, path: str) -> object:
    return reduce(getattr, path.split("."), experiment)


_DEFAULT = PlaneExperiment()
