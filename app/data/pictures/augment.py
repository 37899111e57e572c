"""Changed copies of pictures: moved, turned, mirrored and with noise, so that a network sees more than there are."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from app.data.pictures.noise import with_noise
from app.schemas.picture_data import Augmentation


def augment(
    pictures: NDArray[np.float32],
    boxes: NDArray[np.float32] | None,
    spec: Augmentation,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """A changed copy of each of `pictures` (n, channels, height, width), and of `boxes` (n, 4), if there are any.

    Pixels from beyond the edge are like the nearest within. Pictures with boxes are not turned: what is round would no
    longer be framed closely. What of a box leaves the picture is cut off.
    """
    count, side = len(pictures), pictures.shape[-1]
    most = np.array([spec.shift, spec.shift, 0 if boxes is not None else np.radians(spec.rotate)])
    down, across, turn = most[:, np.newaxis] * rng.uniform(-1, 1, (3, count))
    mirrored = (rng.uniform(size=count) < 0.5) & spec.flip
    changed = np.empty_like(pictures)
    middle = np.full(2, (side - 1) / 2)
    for index in range(count):
        cos, sin = np.cos(turn[index]), np.sin(turn[index])
        # From a pixel of the copy (row, column) back to the original: moved back, turned back, mirrored back.
        back = np.diag([1.0, -1.0 if mirrored[index] else 1.0]) @ np.array([[cos, -sin], [sin, cos]])
        offset = middle - back @ (middle + side * np.array([down[index], across[index]]))
        for channel in range(pictures.shape[1]):
            ndimage.affine_transform(
                pictures[index, channel], back, offset, output=changed[index, channel], order=1, mode="nearest"
            )
    moved = None if boxes is None else _moved(boxes, mirrored, np.stack([across, down], axis=1))
    return with_noise(changed, spec.noise, rng), moved


def _moved(boxes: NDArray[np.float32], mirrored: NDArray[np.bool_], shift: NDArray[np.float64]) -> NDArray[np.float32]:
    x = np.where(mirrored, 1 - boxes[:, 0], boxes[:, 0])
    middle = np.stack([x, boxes[:, 1]], axis=1) + shift
    low, high = np.clip([middle - boxes[:, 2:] / 2, middle + boxes[:, 2:] / 2], 0, 1)
    return np.concatenate([(low + high) / 2, high - low], axis=1).astype(np.float32)
