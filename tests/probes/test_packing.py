import base64
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from app.probes.packing import pack, pack_index, pack_map
from tests.probes.unpacking import unpack

derandomized = settings(derandomize=True, deadline=None)
anything = st.floats(width=32)


@derandomized
@given(values=arrays(np.float32, array_shapes(max_dims=3, min_side=0), elements=anything))
def test_numbers_come_back_exactly(values: np.ndarray) -> None:
    packed = json.loads(json.dumps(pack(values)))
    np.testing.assert_array_equal(unpack(packed), values)
    assert packed["shape"] == list(values.shape)


def test_numbers_are_little_endian_whatever_they_were() -> None:
    packed = pack(np.array([[1.0, -2.5]], ">f8").T)
    assert packed == {"dtype": "float32", "shape": [2, 1], "data": base64.b64encode(b"\0\0\x80?\0\0 \xc0").decode()}


@derandomized
@given(
    values=arrays(np.float32, (7, 5), elements=anything),
    bounds=st.tuples(st.floats(-3e38, 3e38), st.floats(-3e38, 3e38)).filter(lambda pair: pair[1] - pair[0] > 1e-3),
)
def test_maps_are_within_half_a_level_of_the_clamped_value(values: np.ndarray, bounds: tuple[float, float]) -> None:
    low, high = bounds
    packed = json.loads(json.dumps(pack_map(values, low, high)))
    assert packed["range"] == [low, high]
    assert packed["dtype"] == "uint8"
    clamped = np.clip(np.where(np.isnan(values), low, values.astype(np.float64)), low, high)
    # Half of one of 255 levels, and what single precision loses of numbers that are large against their range.
    rounding = 4e-7 * max(abs(low), abs(high))
    assert np.abs(unpack(packed) - clamped).max() <= (high - low) / 255 * 0.5001 + rounding


def test_the_ends_of_the_range_are_the_ends_of_the_bytes() -> None:
    packed = pack_map(np.array([-2.0, 0.0, 2.0, -np.inf, np.inf, np.nan, 99.0]), -2.0, 2.0)
    assert list(base64.b64decode(packed["data"])) == [0, 128, 255, 0, 255, 0, 255]


def test_parts_of_larger_arrays_are_packed_in_order() -> None:
    values = np.arange(24.0).reshape(4, 6)[::2, 1::2]
    np.testing.assert_array_equal(unpack(pack(values)), values)
    packed = pack_map(values, 0.0, 255.0)
    np.testing.assert_allclose(unpack(packed), values)


@pytest.mark.parametrize("dtype", [np.int32, np.int64, np.uint8])
def test_classes_travel_as_they_are(dtype: type) -> None:
    values = np.array([[0, 1], [7, 3]], dtype)
    np.testing.assert_array_equal(unpack(pack_index(values)), values)


def test_fewer_shades_are_spread_over_all_bytes() -> None:
    packed = pack_map(np.linspace(-1, 1, 1_000), -1.0, 1.0, shades=5)
    assert sorted(set(base64.b64decode(packed["data"]))) == [0, 64, 128, 191, 255]
