"""The panel in which a network for pictures is built: its layers as cards, from input to output.

Layers that were tried and refused stay as they were tried, with what is wrong beside the card where it breaks.
"""

import re
from dataclasses import dataclass
from itertools import chain, repeat

from app.families.base import PictureSetup
from app.families.registry import family_of
from app.nn.pictures.shapes import Shape, followed
from app.schemas.network import ACTIVATIONS
from app.schemas.picture_network import MAX_PICTURE_LAYERS, PICTURE_LAYERS, PictureLayerBase
from app.web.lab.controls import Control, Controls, choices_of
from app.web.lab.draft import LAYERS, with_layers
from app.web.lab.labels import label

_OF_A_LAYER = re.compile(rf"{re.escape(LAYERS)}\.(\d+)")


@dataclass(frozen=True)
class LayerKind:
    """A kind of layer that can be added."""

    value: str
    title: str
    hint: str


@dataclass(frozen=True)
class LayerCard:
    """One layer."""

    index: int
    kind: str
    title: str
    hint: str
    detail: str
    """What else makes it what it is, in few words."""
    activation: str
    side: int
    """The height of what it takes, where that is a picture; else 0."""
    shape: str
    """What it gives on; nothing where that cannot be told."""
    parameters: int | None
    """Weights and biases; None where that cannot be told."""
    fields: tuple[Control, ...]
    error: str


@dataclass(frozen=True)
class PictureNetworkPanel:
    """The whole network."""

    input: str
    """The shape of a picture."""
    layers: tuple[LayerCard, ...]
    kinds: tuple[LayerKind, ...]
    full: bool
    """Whether no layer can be added."""
    outputs: int
    output_activation: str
    output_parameters: int
    parameters: int
    error: str
    """What is wrong with the network as a whole."""
    draft: str
    """The layers, as JSON, where they were refused and the run has others."""


def picture_network_panel(controls: Controls, setup: PictureSetup) -> PictureNetworkPanel:
    """The network of a run; layers that were refused in place of its own."""
    experiment, shape = setup.experiment, setup.prepared.shape
    graph = family_of(experiment.family).graph(setup)
    errors, draft = controls.refusal.errors, controls.refusal.values.get(LAYERS, "")
    if draft:
        experiment = with_layers(experiment, draft)
        controls = Controls(experiment, controls.refusal, controls.hidden)
    layers = experiment.network.layers
    sound = min((int(match[1]) for match in map(_OF_A_LAYER.match, errors) if match), default=len(layers))
    shapes, _ = followed(layers[:sound], shape)
    before = chain((shape, *shapes), repeat(None))
    after = chain(shapes, repeat(None))
    counts = repeat(None) if draft else (layer.parameters for layer in graph.layers)
    output = graph.layers[-1]
    return PictureNetworkPanel(
        input=_in_words(shape),
        layers=tuple(
            _card(controls, index, layer, taken, given, count)
            for index, (layer, taken, given, count) in enumerate(zip(layers, before, after, counts, strict=False))
        ),
        kinds=tuple(LayerKind(_kind(model), model.title, _sentence(model)) for model in PICTURE_LAYERS),
        full=len(layers) >= MAX_PICTURE_LAYERS,
        outputs=output.units,
        output_activation=label(output.activation),
        output_parameters=output.parameters,
        parameters=graph.parameters,
        error=errors.get(LAYERS, ""),
        draft=draft,
    )


def _card(
    controls: Controls,
    index: int,
    layer: PictureLayerBase,
    taken: Shape | None,
    given: Shape | None,
    parameters: int | None,
) -> LayerCard:
    path = f"{LAYERS}.{index}"
    names = (name for name in type(layer).model_fields if name != "kind")
    fields = tuple(
        controls.at(f"{path}.{name}", choices=choices_of(ACTIVATIONS) if name == "activation" else ()) for name in names
    )
    errors = controls.refusal.errors
    of_fields = (f"{field.label.lower()} {field.error}" for field in fields if field.error)
    activation = getattr(layer, "activation", "linear")
    return LayerCard(
        index=index,
        kind=_kind(type(layer)),
        title=layer.title,
        hint=_sentence(type(layer)),
        detail=layer.detail,
        activation="" if activation == "linear" else label(activation),
        side=taken[1] if taken and len(taken) > 1 else 0,
        shape=_in_words(given) if given else "",
        parameters=parameters,
        fields=fields,
        error=errors.get(path) or next(of_fields, ""),
    )


def _kind(model: type[PictureLayerBase]) -> str:
    return str(model.model_fields["kind"].default)


def _sentence(model: type[PictureLayerBase]) -> str:
    return " ".join((model.__doc__ or "").split())


def _in_words(shape: Shape) -> str:
    return " × ".join(f"{length:,}" for length in shape)
