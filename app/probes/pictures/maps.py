"""What the layers make of one picture, whole and exact."""

import numpy as np

from app.probes.packing import pack
from app.probes.pictures.subject import Subject
from app.schemas.explain import LayerMaps, MapsExplanation, Question


def maps_explanation(subject: Subject, question: Question) -> MapsExplanation:
    """All layers, or the one that is asked for."""
    layers = range(len(subject.layers) + 1) if question.layer is None else [question.layer]
    return MapsExplanation(
        row=subject.row,
        label=subject.label,
        predicted=subject.predicted,
        input=pack(subject.picture),
        layers=tuple(
            LayerMaps(
                layer=layer,
                layer_kind=subject.kind(layer),
                pre_activation=pack(np.asarray(subject.seen.pre_activations[layer])),
                output=pack(subject.output(layer)),
            )
            for layer in layers
        ),
    )
