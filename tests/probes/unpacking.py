"""What a browser does with packed arrays, so that tests can look at the numbers."""

import base64
from typing import cast

import numpy as np

from app.probes.packing import PackedArray


def unpack(packed: PackedArray) -> np.ndarray:
    """The array as the page reads it: float32, or bytes spread over their range."""
    raw = np.frombuffer(base64.b64decode(packed["data"]), np.dtype(packed["dtype"]).newbyteorder("<"))
    values = raw.reshape(packed["shape"])
    if packed["dtype"] == "float32":
        return values
    low, high = cast("list[float]", packed["range"])  # pyright: ignore[reportTypedDictNotRequiredAccess, reportGeneralTypeIssues]
    return low + values / 255 * (high - low)
