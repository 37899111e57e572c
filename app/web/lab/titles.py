"""What an Experiment is called in a few words, on the page and as a file."""

from app.presets.library import preset_of
from app.schemas.experiment import Experiment
from app.web.lab.labels import label


def title_of(experiment: Experiment) -> str:
    """A few words: the preset's title, or `Spiral · 8-8 Tanh · Adam`."""
    preset = preset_of(experiment)
    if preset:
        return preset.title
    layers = experiment.network.layers
    activations = {label(layer.activation) for layer in layers}
    units = "-".join(str(layer.units) for layer in layers)
    network = f"{units} {activations.pop() if len(activations) == 1 else 'mixed'}" if layers else "No hidden layers"
    return f"{experiment.data.title} · {network} · {experiment.training.optimizer.title}"
