"""From a PictureSet to what the network sees: split, changed copies of the training part, targets."""

import numpy as np

from app.data.dataset import PictureSet, PreparedPictures
from app.data.parts import encode_targets, split
from app.data.pictures.augment import augment
from app.data.pictures.selection import most_pictures
from app.data.streams import stream
from app.schemas.experiment import PictureExperiment
from app.schemas.resolve import target_encoding


def prepare_pictures(resolved: PictureExperiment, dataset: PictureSet) -> PreparedPictures:
    """The arrays that an Experiment trains and is judged on.

    `resolved` has its derived defaults filled in (app.schemas.resolve). The copies follow the training pictures, each
    of which has as many as were asked for, or fewer where they would be too many in all. Raises InvalidInput where
    there are too few pictures for the parts.
    """
    data, classes = resolved.data, dataset.problem.classes
    if data.seed is None:
        raise ValueError("prepare_pictures needs a resolved Experiment")
    order, (train, validation, test) = split(len(dataset.pictures), data, data.seed)
    room = max(0, most_pictures(dataset.pictures.shape[1:]) - len(order))
    copied = np.resize(order[:train], min(train * data.augmentation.copies, room))
    pictures, boxes = augment(
        dataset.pictures[copied],
        None if dataset.boxes is None else dataset.boxes[copied],
        data.augmentation,
        stream(data.seed, "augment"),
    )
    # The copies stand behind the training pictures.
    origins, made = np.insert(order, train, copied), slice(train, train + len(copied))
    inputs = dataset.pictures[origins]
    inputs[made] = pictures
    labels = dataset.labels[origins]
    if dataset.boxes is None or boxes is None:
        targets = encode_targets(labels, target_encoding(resolved.training.loss, dataset.problem), classes)
    else:
        framed = dataset.boxes[origins]
        framed[made] = boxes
        targets = np.concatenate([encode_targets(labels, "one_hot", classes), framed], axis=1)
    return PreparedPictures(
        dataset=dataset,
        labels=labels,
        inputs=inputs.reshape(len(inputs), -1),
        targets=targets.astype(np.float32),
        counts=(train + len(copied), validation, test),
        origins=origins,
    )
