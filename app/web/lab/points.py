"""The points of a run's data as the output plot draws them, and as its painter starts from them: all, and exact."""

from typing import Any

import numpy as np

from app.data.dataset import PreparedPoints
from app.schemas.run import PARTS


def points_document(prepared: PreparedPoints) -> dict[str, Any]:
    """`points` are `[x1, x2, label, part]` rows, label a class index or a value, part an index into `parts`."""
    dataset = prepared.dataset
    parts = np.repeat(np.arange(len(PARTS)), prepared.counts)
    columns = np.column_stack([prepared.points, prepared.labels, parts])
    return {
        "points": columns.tolist(),
        "parts": PARTS,
        "axis_names": dataset.axis_names,
        "domain": dataset.domain,
        "class_names": dataset.class_names,
        "task": dataset.problem.task,
    }
