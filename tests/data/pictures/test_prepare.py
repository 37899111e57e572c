"""What the network sees: parts, copies, targets."""

import numpy as np
import pytest

from app.data.pictures.prepare import prepare_pictures
from app.data.streams import stream
from tests.data.pictures.cases import drawn, experiment, prepared

FEW: dict[str, object] = {"kind": "shapes", "samples": 100, "side": 16}


def test_rows_are_the_pictures_in_the_order_of_the_split() -> None:
    data = prepared({**FEW, "validation_fraction": 0.1})
    assert data.counts == (80, 10, 10)
    assert data.shape == (1, 16, 16)
    np.testing.assert_array_equal(data.origins, stream(0, "split").permutation(100))
    np.testing.assert_array_equal(data.inputs, data.dataset.pictures[data.origins].reshape(100, -1))
    np.testing.assert_array_equal(data.labels, data.dataset.labels[data.origins])
    assert (data.inputs.dtype, data.targets.dtype) == (np.float32, np.float32)


def test_targets_are_in_the_losss_encoding() -> None:
    data = prepared(FEW)
    assert data.targets.shape == (100, 4)
    np.testing.assert_array_equal(data.targets.argmax(axis=1), data.labels)
    assert set(np.unique(prepared(FEW, loss="hinge").targets).tolist()) == {-1, 1}


def test_a_detections_targets_are_the_class_and_the_box() -> None:
    data = prepared({**FEW, "task": "detection"})
    assert data.dataset.boxes is not None
    assert data.targets.shape == (100, 8)
    np.testing.assert_array_equal(data.targets[:, :4].argmax(axis=1), data.labels)
    np.testing.assert_array_equal(data.targets[:, 4:], data.dataset.boxes[data.origins])


def test_copies_are_made_of_the_training_part_alone() -> None:
    plain, data = prepared(FEW), prepared({**FEW, "augmentation": {"copies": 2}})
    assert data.counts == (240, 0, 20)
    np.testing.assert_array_equal(data.origins[:80], plain.origins[:80])
    np.testing.assert_array_equal(data.origins[80:240], np.tile(plain.origins[:80], 2))
    np.testing.assert_array_equal(data.inputs[:80], plain.inputs[:80])
    np.testing.assert_array_equal(data.inputs[240:], plain.inputs[80:])
    np.testing.assert_array_equal(data.labels, data.dataset.labels[data.origins])
    originals = data.dataset.pictures[data.origins].reshape(260, -1)
    assert not np.any(np.all(data.inputs[80:240] == originals[80:240], axis=1))
    assert data.inputs.min() >= 0
    assert data.inputs.max() <= 1
    np.testing.assert_array_equal(data.inputs, prepared({**FEW, "augmentation": {"copies": 2}}).inputs)


@pytest.mark.parametrize(("side", "rows"), [(16, 8_192), (32, 7_812)])
def test_there_are_fewer_copies_where_they_would_be_too_many(side: int, rows: int) -> None:
    data = prepared({"kind": "shapes", "samples": 4_000, "side": side, "augmentation": {"copies": 3}})
    assert data.counts == (rows - 800, 0, 800)
    # Each picture has as many as any other, save one.
    copies = np.bincount(data.origins[3_200:-800])
    assert copies.max() - copies[copies > 0].min() <= 1


def test_an_experiment_without_a_seed_for_its_data_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="resolved"):
        prepare_pictures(experiment({**FEW, "seed": None}), drawn("shapes"))
