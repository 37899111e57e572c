"""What every control is and what to try with it, for somebody who sees it for the first time: all texts of the page.

A control is known by its key: the path of its field without the numbers of layers, or a name of its own. The same keys
say in the address which controls a teacher leaves out. Words that are no controls (TERMS) have keys of their own; what
would speak of points is told anew for the lab of pictures (OF_PICTURES).
"""

from collections.abc import Collection, Mapping

from app.web.lab.about.data import DATA
from app.web.lab.about.network import NETWORK
from app.web.lab.about.of_pictures import OF_PICTURES
from app.web.lab.about.page import PAGE
from app.web.lab.about.pictures import PICTURES
from app.web.lab.about.terms import GLOSSARY, TERMS
from app.web.lab.about.text import About
from app.web.lab.about.training import TRAINING

__all__ = ["ABOUT", "GLOSSARY", "OFTEN_HIDDEN", "OF_PICTURES", "TERMS", "About", "is_hidden", "key_of"]

ABOUT: Mapping[str, About] = {**PAGE, **DATA, **NETWORK, **PICTURES, **TRAINING}

# What a teacher is offered to leave out, in groups as they stand on the page; by address any other control can go, too.
OFTEN_HIDDEN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Running", ("play", "step", "reset", "speed", "time_line", "undo", "presets")),
    (
        "Data",
        (
            "problem",
            "data.kind",
            "data.noise",
            "data.train_fraction",
            "data.validation_fraction",
            "data.samples",
            "data.seed",
            "data.scaling",
        ),
    ),
    ("Network", ("family", "features", "layers", "neurons", "network.layers.activation", "network.init.kind", "seed")),
    (
        "Training",
        (
            "training.optimizer.learning_rate",
            "training.optimizer.kind",
            "training.loss",
            "training.regularization.l1",
            "training.regularization.l2",
            "training.batch_size",
            "training.schedule.kind",
            "training.clipping.kind",
        ),
    ),
    ("Output", ("test_points", "discretise", "paint", "charts", "diagnosis")),
)

_NAMES = {"network.layers": "layers", "network.layers.units": "neurons", "data.features": "features"}


def key_of(path: str) -> str:
    """The key of the control for the field at `path`: `network.layers.0.units` is `neurons`."""
    plain = ".".join(step for step in path.split(".") if not step.isdigit())
    return _NAMES.get(plain, plain)


def is_hidden(key: str, hide: Collection[str]) -> bool:
    """Whether `hide` names the control or a section that it belongs to, such as `training.regularization`."""
    return any(key == name or key.startswith(f"{name}.") for name in hide)
