"""The sizes that programs of dense families are made for, and data padded to them.

A size of the data or of the network goes into the smallest bucket that holds it, so that few programs serve all.
"""

import numpy as np

from app.data.dataset import Prepared
from app.families.base import PADDING_PART, Samples
from app.nn.dense import INPUT_BUCKETS
from app.nn.host import host

INPUTS = INPUT_BUCKETS[-1]
OUTPUTS = (1, 8)
ROWS = (512, 2_048, 8_192)


def bucket(size: int, buckets: tuple[int, ...]) -> int:
    """The smallest of the ascending `buckets` that holds `size`."""
    return next(bucket for bucket in buckets if bucket >= size)


def padded_features(inputs: np.ndarray) -> np.ndarray:
    """Inputs (n, features) with columns of 0 up to INPUTS."""
    padded = np.zeros((inputs.shape[0], INPUTS), np.float32)
    padded[:, : inputs.shape[1]] = inputs
    return padded


def padded_samples(prepared: Prepared, rows: int, outputs: int) -> Samples:
    """The data in arrays of `rows` rows and `outputs` columns of targets; all samples count alike."""
    count, columns = prepared.targets.shape
    inputs = padded_features(prepared.inputs)
    # Padding rows repeat the first sample: finite, because `where` lets NaN through backwards.
    inputs = np.concatenate([inputs, np.repeat(inputs[:1], rows - count, axis=0)])
    targets = np.zeros((rows, outputs), np.float32)
    targets[:count, :columns] = prepared.targets
    part = np.full(rows, PADDING_PART, np.int32)
    part[:count] = np.repeat(np.arange(3), prepared.counts)
    return Samples(host(inputs), host(targets), host(part), host(np.ones(rows, np.float32)))


def balanced(labels: np.ndarray) -> np.ndarray:
    """For each sample a weight, so that those of each class that occurs sum up to the same (King and Zeng 2001)."""
    _, places, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return len(labels) / (len(counts) * counts[places])
