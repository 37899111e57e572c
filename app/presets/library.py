"""All presets in the order in which they teach, read once, and the thumbnails that were drawn of them."""

from functools import cache
from pathlib import Path

from app.presets.preset import Preset, Thumbnail
from app.schemas.document import parse
from app.schemas.experiment import Experiment

ROOM = Path(__file__).parent
ORDER = (
    "one-neuron",
    "exclusive-or",
    "perceptron",
    "perceptron-xor",
    "three-neurons",
    "no-bend",
    "squares",
    "spiral-inputs",
    "spiral-neurons",
    "slope",
    "hills",
    "six-classes",
    "rings",
    "too-slow",
    "too-fast",
    "schedule",
    "one-sample",
    "momentum",
    "adam",
    "by-heart",
    "weight-decay",
    "dropout",
    "early-stopping",
    "input-choice",
    "dead-neurons",
    "vanishing",
    "twins",
    "iris",
    "unscaled",
    "one-convolution",
    "no-convolution",
    "lenet",
    "vgg",
    "resnet",
    "detection",
)


@cache
def presets() -> tuple[Preset, ...]:
    """All of them."""
    return tuple(parse(Preset, (ROOM / "library" / f"{name}.json").read_bytes()) for name in ORDER)


@cache
def thumbnail(preset_id: str) -> Thumbnail:
    """How a preset ends."""
    return parse(Thumbnail, thumbnail_path(preset_id).read_bytes())


def thumbnail_path(preset_id: str) -> Path:
    """Where a thumbnail is kept."""
    return ROOM / "thumbnails" / f"{preset_id}.json"


def preset_of(experiment: Experiment) -> Preset | None:
    """The preset of which this is the Experiment, unchanged."""
    return _by_digest().get(experiment.digest())


@cache
def _by_digest() -> dict[str, Preset]:
    return {preset.experiment.digest(): preset for preset in presets()}
