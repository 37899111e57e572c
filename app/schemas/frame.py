"""What an observer may see of a run, by the names under which parts of a frame travel."""

from typing import Literal, get_args

FramePart = Literal[
    "points",
    "metrics",
    "weights",
    "gradients",
    "inputs",
    "neurons",
    "boundary",
    "separator",
    "surface",
    "space",
    "predictions",
    "weight_histograms",
    "gradient_histograms",
    "gradient_norms",
    "activation_histograms",
    "diagnosis",
    "maps",
    "filters",
    "embedding",
    "boxes",
]

FRAME_PARTS: tuple[FramePart, ...] = get_args(FramePart)
PICTURE_PARTS: frozenset[FramePart] = frozenset({"maps", "filters", "embedding", "boxes"})
"""What only a network for pictures can show."""

BOUNDARY_SIDE = 100
"""The output is mapped on a grid of this many points a side."""
THUMBNAIL_SIDE = 32
"""Each neuron is mapped on a grid of this many points a side."""
SURFACE_SIDE = 50
"""The outputs' surfaces have this many points a side."""
HISTOGRAM_BINS = 40
