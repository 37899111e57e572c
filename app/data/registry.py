"""Which function draws which kind of data: the one table, and `generate`, the way in."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from app.data import classic, own, shapes
from app.data.dataset import PointSet
from app.data.streams import stream
from app.data.table import Table
from app.schemas.data import Data, Iris, Points, Wine
from app.schemas.resolve import Problem

# A function takes the spec of its own kind, which a table cannot say.
GENERATORS: Mapping[str, Callable[[Any, np.random.Generator], classic.Drawn]] = {
    "circle": classic.circle,
    "xor": classic.xor,
    "gaussian": classic.gaussian,
    "plane": classic.plane,
    "multi_gaussian": classic.multi_gaussian,
    "spiral": shapes.spiral,
    "moons": shapes.moons,
    "rings": shapes.rings,
    "blobs": shapes.blobs,
}

DOMAIN = ((-6.0, 6.0), (-6.0, 6.0))


def generate(spec: Data, seed: int, table: Table | None) -> PointSet:
    """The dataset that `spec` describes, the same for the same `seed`.

    `table` is the upload that own points name (`data.dataset`), None for all else. Raises InvalidInput where own points
    cannot be used.
    """
    rng = stream(seed, "data")
    if isinstance(spec, Points):
        return own.own_points(spec, table, rng)
    if isinstance(spec, Iris | Wine):
        return own.real_points(spec, rng)
    points, labels = GENERATORS[spec.kind](spec, rng)
    if spec.poses == "regression":
        return PointSet(labels, Problem("regression"), (), points, ("x1", "x2"), DOMAIN)
    classes = getattr(spec, "classes", 2)
    names = ("-1", "+1") if classes == 2 else tuple(str(index) for index in range(classes))
    return PointSet(labels, Problem("classification", classes), names, points, ("x1", "x2"), DOMAIN)
