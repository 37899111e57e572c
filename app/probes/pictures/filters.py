"""What one filter of a network for pictures looks for: the pictures that excite it, and one that is made to.

Generators that pause between their steps, so that others get their turn, and return what is told.
"""

from collections.abc import Generator

import numpy as np

from app.data.streams import stream
from app.families.pictures import shapes_of
from app.nn.pictures.lens import aim_at_filter
from app.nn.pictures.receptive import receptive_field
from app.probes.packing import pack_map
from app.probes.pictures.subject import Network, Subject
from app.schemas.explain import Box, SynthesisExplanation, TopExplanation, TopPicture

MOST_TOP = 9
ASCENT_STEPS = 64
_STEP = 0.05
"""By how much a pixel changes at a step, as a root mean square."""
_NOISE = 0.1
"""The deviation of the grey noise at the beginning."""
_SMOOTHING = 0.1
"""How far each pixel goes towards the mean of its neighbours at a step."""


def top_pictures(network: Network, layer: int, channel: int) -> Generator[None, None, TopExplanation]:
    """The test pictures whose map of the filter has the largest peaks, and what they have there."""
    setup = network.setup
    prepared, layers = setup.prepared, setup.experiment.network.layers
    yield
    first = sum(prepared.counts[:2])
    whole = network.look(prepared.inputs[first : first + 1].reshape(1, *prepared.shape), whole=True)
    peaks = np.asarray(whole.peaks[layer])[channel, first : sum(prepared.counts)]
    pictures: list[TopPicture] = []
    for row in (first + np.argsort(-peaks, kind="stable")[:MOST_TOP]).tolist():
        yield
        seen = Subject(network, prepared.inputs[row].reshape(prepared.shape), row).output(layer)[channel]
        y, x = map(int, np.unravel_index(int(np.argmax(seen)), seen.shape))
        field = receptive_field(layers[: layer + 1], prepared.shape, y, x)
        pictures.append(
            TopPicture(
                row=row,
                label=int(prepared.labels[row]),
                value=float(seen[y, x]),
                y=y,
                x=x,
                field=Box(top=field.top, left=field.left, height=field.height, width=field.width),
            )
        )
    return TopExplanation(layer=layer, channel=channel, pictures=tuple(pictures))


def synthesis(network: Network, layer: int, channel: int) -> Generator[None, None, SynthesisExplanation]:
    """A picture that excites a filter: from grey noise of the run's seed up the gradient of the mean of its map before
    the activation (Erhan et al. 2009), kept within 0..1 and a little smooth."""
    setup = network.setup
    aim, rng = aim_at_filter(shapes_of(setup), layer, channel), stream(setup.experiment.seed, "synthesis")
    picture = np.clip(0.5 + _NOISE * rng.standard_normal(setup.prepared.shape), 0, 1)
    excitement: list[float] = []
    for step in range(ASCENT_STEPS + 1):
        yield
        slopes = network.slopes(picture[None].astype(np.float32), aim)
        excitement.append(float(np.asarray(slopes.filters[layer])[channel, 0]))
        gradient = np.asarray(slopes.inputs)[:, 0].reshape(picture.shape).astype(np.float64)
        length = float(np.sqrt(np.mean(gradient**2)))
        if step == ASCENT_STEPS or not 0 < length < np.inf:
            break
        picture = np.clip(_smoothed(picture) + _STEP * gradient / length, 0, 1)
    return SynthesisExplanation(
        layer=layer, channel=channel, picture=pack_map(picture, 0.0, 1.0), start=excitement[0], end=excitement[-1]
    )


def _smoothed(picture: np.ndarray) -> np.ndarray:
    around = np.pad(picture, ((0, 0), (1, 1), (1, 1)), mode="edge")
    neighbours = around[:, :-2, 1:-1] + around[:, 2:, 1:-1] + around[:, 1:-1, :-2] + around[:, 1:-1, 2:]
    return (1 - _SMOOTHING) * picture + _SMOOTHING * neighbours / 4
