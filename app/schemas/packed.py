"""How arrays travel as JSON: base64 of little-endian bytes with dtype and shape. app.probes.packing makes them."""

from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12


class PackedArray(TypedDict):
    """Numbers that are read as numbers: `dtype` float32."""

    dtype: str
    shape: list[int]
    data: str


class PackedMap(PackedArray):
    """A picture: `dtype` uint8, value = low + byte / 255 · (high - low)."""

    range: list[float]
