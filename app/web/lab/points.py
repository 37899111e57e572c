"""The points of a run's data as the output plot draws them."""

from typing import Any

import numpy as np

from app.data.dataset import Prepared
from app.schemas.run import PARTS

# More points than this are too dense to tell apart; parts are thinned alike.
MOST_DRAWN = 2_000


def points_document(prepared: Prepared) -> dict[str, Any]:
    """`points` are `[x1, x2, label, part]` rows, label a class index or a value, part an index into `parts`."""
    dataset = prepared.dataset
    parts = np.repeat(np.arange(len(PARTS)), prepared.counts)
    every = -(-len(parts) // MOST_DRAWN)
    columns = np.column_stack([np.round(prepared.points, 4), np.round(prepared.labels, 4), parts])
    return {
        "points": columns[::every].tolist(),
        "parts": PARTS,
        "axis_names": dataset.axis_names,
        "domain": dataset.domain,
        "class_names": dataset.class_names,
        "task": dataset.problem.task,
    }
