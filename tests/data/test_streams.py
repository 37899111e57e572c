import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data.streams import stream
from tests.data.cases import GENERATED, dataset, prepared


@given(seed=st.integers(0, 2**32 - 1), name=st.sampled_from(["data", "split"]))
def test_a_stream_starts_again_from_its_seed(seed: int, name: str) -> None:
    np.testing.assert_array_equal(stream(seed, name).random(8), stream(seed, name).random(8))


@given(seed=st.integers(0, 2**32 - 2))
def test_streams_of_other_names_or_seeds_share_no_numbers(seed: int) -> None:
    drawn = [stream(seed, "data"), stream(seed, "split"), stream(seed + 1, "data"), stream(seed + 1, "split")]
    assert np.unique([rng.random(8) for rng in drawn]).size == 32


def test_a_stream_is_the_same_in_another_process() -> None:
    program = "from app.data.streams import stream; print(stream(7, 'data').integers(2**40))"
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
    assert int(output) == stream(7, "data").integers(2**40)


@pytest.mark.parametrize("kind", GENERATED)
def test_the_seed_alone_decides_which_points_are_drawn(kind: str) -> None:
    first, again, other = (dataset(kind, seed=seed, noise=20) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.points, again.points)
    np.testing.assert_array_equal(first.labels, again.labels)
    assert not np.array_equal(first.points, other.points)


def test_a_new_split_leaves_the_points_where_they_are() -> None:
    half = prepared({"kind": "circle", "noise": 10, "train_fraction": 0.5})
    most = prepared({"kind": "circle", "noise": 10, "train_fraction": 0.9, "validation_fraction": 0.05})
    np.testing.assert_array_equal(half.points, most.points)
    np.testing.assert_array_equal(half.labels, most.labels)


def test_data_seed_decides_and_the_experiments_seed_stands_in_for_it() -> None:
    by_data = prepared({"kind": "xor", "seed": 5}, seed=1)
    by_experiment = prepared({"kind": "xor"}, seed=5)
    np.testing.assert_array_equal(by_data.points, by_experiment.points)
