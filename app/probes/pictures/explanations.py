"""From a question to its explanation, step by step: each kind of it in the module that knows how; UMAP, which wants a
process of its own, in app.runs.umap."""

from collections.abc import Generator

import numpy as np

from app.probes.pictures.attributions import ExplainedClass, grad_cam, integrated_gradients, occlusion, saliency
from app.probes.pictures.filters import synthesis, top_pictures
from app.probes.pictures.maps import maps_explanation
from app.probes.pictures.subject import Network, Subject
from app.probes.pictures.units import unit_explanation
from app.schemas.explain import AnyExplanation, Question


def explanation(
    network: Network, question: Question, drawn: np.ndarray | None
) -> Generator[None, None, AnyExplanation]:
    """What is answered to a question that was checked, about a `drawn` picture (channels, height, width) if there is
    one. Pauses between its steps."""
    assert question.kind != "umap", "app.runs.umap answers this"
    if question.kind in ("top", "synthesis"):
        assert question.layer is not None, "the question must have been checked"
        assert question.channel is not None, "the question must have been checked"
        of_filter = top_pictures if question.kind == "top" else synthesis
        return (yield from of_filter(network, question.layer, question.channel))
    yield
    subject = _subject(network, question, drawn)
    if question.kind == "maps":
        return maps_explanation(subject, question)
    if question.kind == "unit":
        return unit_explanation(subject, question)
    explained = ExplainedClass(subject, subject.predicted if question.class_index is None else question.class_index)
    match question.kind:
        case "saliency":
            return (yield from saliency(explained))
        case "integrated_gradients":
            return (yield from integrated_gradients(explained))
        case "grad_cam":
            return (yield from grad_cam(explained, question.layer))
        case "occlusion":
            return (yield from occlusion(explained))


def _subject(network: Network, question: Question, drawn: np.ndarray | None) -> Subject:
    if drawn is not None:
        return Subject(network, drawn, None)
    prepared = network.setup.prepared
    return Subject(network, prepared.inputs[question.row].reshape(prepared.shape), question.row)
