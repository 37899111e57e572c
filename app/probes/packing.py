"""Arrays as JSON: base64 of little-endian bytes with dtype and shape, maps quantised to bytes with their range."""

import base64

import numpy as np

from app.schemas.packed import PackedArray, PackedMap


def pack(values: np.ndarray) -> PackedArray:
    """float32, exactly."""
    return {"dtype": "float32", "shape": list(values.shape), "data": _base64(values.astype("<f4"))}


def pack_map(values: np.ndarray, low: float, high: float, shades: int = 256) -> PackedMap:
    """Bytes, clamped to low..high. Fewer `shades`, evenly spread over the bytes, compress much better."""
    return pack_maps(values[None], np.array([low]), np.array([high]), shades)[0]


def pack_maps(values: np.ndarray, low: np.ndarray, high: np.ndarray, shades: int = 256) -> list[PackedMap]:
    """Several maps (maps, rows, columns) at once, each with a range of its own, which are (maps,)."""
    lows, highs = low[:, None, None], high[:, None, None]
    scale = (shades - 1) / (highs - lows)
    clamped = np.clip(np.where(np.isnan(values), lows, values), lows, highs)
    levels = np.rint(clamped * scale - lows * scale)  # in this order nothing overflows
    quantised = np.rint(levels * (255 / (shades - 1))).astype(np.uint8)
    return [
        {"dtype": "uint8", "shape": list(pixels.shape), "data": _base64(pixels), "range": [float(start), float(end)]}
        for pixels, start, end in zip(quantised, low, high, strict=True)
    ]


def pack_index(values: np.ndarray) -> PackedMap:
    """Small whole numbers as bytes."""
    return {
        "dtype": "uint8",
        "shape": list(values.shape),
        "data": _base64(values.astype(np.uint8)),
        "range": [0.0, 255.0],
    }


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
