"""What is answered to the data, beside what was right, for every part that has samples."""

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from app.probes.predictions import MOST_PAIRS, predicted_classes, predictions_part
from tests.engine.cases import metrics, program, setup, trainer
from tests.probes.unpacking import unpack

CLASSIFICATIONS: list[dict[str, Any]] = [
    {},
    {"training": {"loss": "binary_cross_entropy"}},
    {"data": {"kind": "blobs", "classes": 4, "noise": 40, "validation_fraction": 0.2}},
]


@pytest.mark.parametrize("document", CLASSIFICATIONS)
def test_the_confusion_matrix_agrees_with_the_labels_and_the_accuracy(document: dict[str, Any]) -> None:
    made = trainer(**document)
    made.advance(program(made.setup), 30)
    outputs = made.respond(program(made.setup, observes=True)).outputs
    part, told = predictions_part(made.setup, outputs)["confusion"], metrics(made)
    counts, labels = made.setup.prepared.counts, made.setup.prepared.labels.astype(int)
    start = 0
    for name, count in zip(("train", "validation", "test"), counts, strict=True):
        rows, start = slice(start, start + count), start + count
        if not count:
            assert part[name] is None
            continue
        classes = list(range(made.setup.problem.classes))
        found = predicted_classes(made.setup, outputs[rows])
        assert part[name] == confusion_matrix(labels[rows], found, labels=classes).tolist()
        assert np.trace(part[name]) / count == pytest.approx((told[name] or {})["accuracy"], abs=1e-6)


def test_values_are_told_beside_their_targets() -> None:
    made = setup(data={"kind": "plane", "samples": 4000, "train_fraction": 0.9})
    outputs = made.prepared.labels[:, None] * 2
    values = predictions_part(made, outputs)["values"]
    assert values["validation"] is None
    targets, answers = unpack(values["train"]["targets"]), unpack(values["train"]["outputs"])
    assert len(targets) <= MOST_PAIRS
    np.testing.assert_allclose(answers, 2 * targets, rtol=1e-6)
    assert len(unpack(values["test"]["targets"])) == 400
