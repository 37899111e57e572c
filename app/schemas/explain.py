"""What can be asked about a picture, a filter, a unit or all samples of a network for pictures, and how it is answered.

Arrays are packed (app.schemas.packed): numbers that are read as numbers as float32, what is looked at as bytes.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import Field, RootModel

from app.errors import InvalidInput
from app.schemas.document import Document
from app.schemas.packed import PackedArray, PackedMap
from app.schemas.unit import Arithmetic, Number, Place

AttributionKind = Literal["saliency", "integrated_gradients", "grad_cam", "occlusion"]
ExplanationKind = Literal[
    "maps", "unit", "saliency", "integrated_gradients", "grad_cam", "occlusion", "top", "synthesis", "umap"
]
EXPLANATIONS: tuple[ExplanationKind, ...] = get_args(ExplanationKind)

NEED_LENS: frozenset[ExplanationKind] = frozenset({"saliency", "integrated_gradients", "grad_cam", "synthesis"})
"""What is made of gradients with respect to pictures."""


class _Fields(NamedTuple):
    needed: frozenset[str]
    possible: frozenset[str] = frozenset()


_SUBJECT = frozenset({"row"})
_PLACE = frozenset({"channel", "y", "x", "unit"})
_FIELDS: Mapping[ExplanationKind, _Fields] = {
    "maps": _Fields(_SUBJECT, frozenset({"layer"})),
    "unit": _Fields(_SUBJECT | {"layer"}, _PLACE),
    "saliency": _Fields(_SUBJECT, frozenset({"class_index"})),
    "integrated_gradients": _Fields(_SUBJECT, frozenset({"class_index"})),
    "grad_cam": _Fields(_SUBJECT, frozenset({"class_index", "layer"})),
    "occlusion": _Fields(_SUBJECT, frozenset({"class_index"})),
    "top": _Fields(frozenset({"layer", "channel"})),
    "synthesis": _Fields(frozenset({"layer", "channel"})),
    "umap": _Fields(frozenset()),
}
"""What must, and what may, be given of the others."""


class Question(Document):
    """What is asked. Rows, layers, channels, lines and columns are counted from 0, the output layer last."""

    kind: ExplanationKind
    row: int | None = Field(default=None, ge=0)
    """Which of the run's pictures."""
    layer: int | None = Field(default=None, ge=0)
    channel: int | None = Field(default=None, ge=0)
    y: int | None = Field(default=None, ge=0)
    x: int | None = Field(default=None, ge=0)
    unit: int | None = Field(default=None, ge=0)
    class_index: int | None = Field(default=None, ge=0)

    def checked(self, *, drawn: bool) -> "Question":
        """The same question. Raises InvalidInput where its kind wants other fields; a `drawn` picture needs no row."""
        needed, possible = _FIELDS[self.kind]
        if drawn and "row" not in needed:
            raise InvalidInput.at("kind", f"{self.kind} is not about one picture, so none can be sent")
        given = {name for name in type(self).model_fields if getattr(self, name) is not None} - {"kind"}
        if drawn:
            if "row" in given:
                raise InvalidInput.at("row", "a picture is sent, so there is no row to choose")
            needed -= _SUBJECT
        for name in sorted(needed - given):
            raise InvalidInput.at(told(name), f"field required for {self.kind}")
        for name in sorted(given - needed - possible):
            raise InvalidInput.at(told(name), f"means nothing for {self.kind}")
        return self


def told(field: str) -> str:
    """A field of a question as whoever asks writes it."""
    return field.removesuffix("_index")


class _OfPicture(Document):
    """About which picture an explanation is."""

    row: int | None
    """Null for a picture that was sent."""
    label: int | None
    """The class that it has; null where that is not known."""
    predicted: int
    """The class that the network answers."""


class LayerMaps(Document):
    """All that one layer makes of a picture."""

    layer: int
    layer_kind: str
    """As the network names it; `output` for the output layer."""
    pre_activation: PackedArray
    """(channels, height, width) or (units,): before the activation."""
    output: PackedArray
    """The same after it: what the layer gives on."""


class MapsExplanation(_OfPicture):
    """What the layers make of a picture, exactly."""

    kind: Literal["maps"] = "maps"
    input: PackedArray
    """(channels, height, width)"""
    layers: tuple[LayerMaps, ...]


class UnitExplanation(_OfPicture):
    """How one unit comes to its value."""

    kind: Literal["unit"] = "unit"
    layer: int
    layer_kind: str
    place: Place
    arithmetic: Arithmetic
    pre_activation: Number
    activation: str
    value: Number
    """What it gives on."""
    terms: tuple[str, ...]
    """The same step by step, in words with numbers."""


class AttributionExplanation(_OfPicture):
    """Which pixels speak for a class."""

    kind: AttributionKind
    class_index: int
    """The class that is explained."""
    logit: Number
    """What its output unit sums up to."""
    probability: Number
    """How sure the network is of it, from 0 to 1."""
    strength: PackedMap
    """(height, width): how much each pixel matters, at least 0."""
    signed: PackedMap | None
    """(height, width): likewise with a sign, positive where it speaks for the class; null where there is none."""
    layer: int | None
    """Whose maps were weighted, for Grad-CAM."""
    attributed: Number
    """What all pixels are given in all, for integrated gradients; null for others."""
    difference: Number
    """What that has to be: the logit minus that of a black picture."""


class Box(Document):
    """A rectangle of pixels, which may reach beyond the picture's edges."""

    top: int
    left: int
    height: int
    width: int


class TopPicture(Document):
    """A picture that excites a filter."""

    row: int
    label: int
    value: Number
    """The largest of the filter's map."""
    y: int
    """Where that is in the map."""
    x: int
    field: Box
    """What it sees of the picture there."""


class TopExplanation(Document):
    """The test pictures that excite a filter most, the most exciting first."""

    kind: Literal["top"] = "top"
    layer: int
    channel: int
    pictures: tuple[TopPicture, ...]


class SynthesisExplanation(Document):
    """A picture that was changed until it excited a filter."""

    kind: Literal["synthesis"] = "synthesis"
    layer: int
    channel: int
    picture: PackedMap
    """(channels, height, width), from 0 to 1"""
    start: Number
    """The mean of the filter's map, before its activation, for the noise at the beginning."""
    end: Number
    """For the picture."""


class UmapExplanation(Document):
    """Where UMAP puts what the output layer sees: samples that are alike to the network lie close together."""

    kind: Literal["umap"] = "umap"
    epoch: int
    """The run's when it was asked."""
    points: PackedArray
    """(samples, 2)"""
    labels: PackedMap
    """(samples,): the class of each."""
    rows: tuple[int, ...]
    """Which of the run's pictures each is."""


AnyExplanation = (
    MapsExplanation | UnitExplanation | AttributionExplanation | TopExplanation | SynthesisExplanation | UmapExplanation
)


class Explanation(RootModel[Annotated[AnyExplanation, Field(discriminator="kind")]]):
    """What is answered, by its `kind`."""
