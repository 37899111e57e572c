"""What an Experiment is called in a few words, on the page and as a file."""

import re
from collections import Counter

from app.families.registry import family_of
from app.presets.library import preset_of
from app.schemas.experiment import Experiment, PictureExperiment
from app.schemas.fixed import FIXED
from app.schemas.picture_network import activation_of
from app.web.lab.labels import label


def title_of(experiment: Experiment) -> str:
    """A few words: the preset's title, or what `description_of` says."""
    preset = preset_of(experiment)
    return preset.title if preset else description_of(experiment)


def description_of(experiment: Experiment) -> str:
    """Data, layers and optimiser, as `Spiral · 8-8 Tanh · Adam`, or the family where it leaves no choice of layers."""
    if "network.layers" in FIXED[experiment.family]:
        return f"{experiment.data.title} · {family_of(experiment.family).title}"
    if isinstance(experiment, PictureExperiment):
        return f"{experiment.data.title} · {_stack(experiment)} · {experiment.training.optimizer.title}"
    layers = experiment.network.layers
    activations = {label(layer.activation) for layer in layers}
    units = "-".join(str(layer.units) for layer in layers)
    network = f"{units} {activations.pop() if len(activations) == 1 else 'mixed'}" if layers else "No hidden layers"
    return f"{experiment.data.title} · {network} · {experiment.training.optimizer.title}"


def _stack(experiment: PictureExperiment) -> str:
    """How many layers of each kind there are, as `2 convolution, 1 dense`, but for those without an activation."""
    titles = Counter(layer.title for layer in experiment.network.layers if activation_of(layer))
    return ", ".join(f"{count} {title.lower()}" for title, count in titles.items()) or "No hidden layers"


def file_name_of(title: str) -> str:
    """A title as the name of a file, without its ending."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "run"
