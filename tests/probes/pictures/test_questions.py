"""Questions that lead nowhere are refused, at the field that is wrong."""

from typing import Any

import pytest

from app.errors import InvalidInput
from app.probes.pictures.subject import check_question
from app.schemas.document import parse_value
from app.schemas.explain import Question
from app.schemas.picture_network import Conv2D, Flatten, PictureDense
from tests.probes.pictures.networks import setup_of

SETUP = setup_of([Conv2D(filters=2), Flatten(), PictureDense(units=5)])


def ask(*, drawn: bool = False, **fields: object) -> None:
    check_question(SETUP, parse_value(Question, fields).checked(drawn=drawn))


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "maps", "row": 59},
        {"kind": "maps", "row": 0, "layer": 3},
        {"kind": "unit", "row": 0, "layer": 0, "channel": 1, "y": 5, "x": 5},
        {"kind": "unit", "row": 0, "layer": 3, "unit": 9},
        {"kind": "saliency", "row": 0, "class_index": 9},
        {"kind": "grad_cam", "row": 0, "layer": 0},
        {"kind": "top", "layer": 0, "channel": 1},
    ],
)
def test_what_there_is_can_be_asked_about(fields: dict[str, Any]) -> None:
    ask(**fields)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"kind": "maps"}, "row"),
        ({"kind": "maps", "row": 60}, "row"),
        ({"kind": "maps", "row": 0, "layer": 4}, "layer"),
        ({"kind": "maps", "row": 0, "unit": 4}, "unit"),
        ({"kind": "unit", "row": 0}, "layer"),
        ({"kind": "unit", "row": 0, "layer": 0}, "channel"),
        ({"kind": "unit", "row": 0, "layer": 0, "channel": 2, "y": 0, "x": 0}, "channel"),
        ({"kind": "unit", "row": 0, "layer": 0, "channel": 0, "y": 6, "x": 0}, "y"),
        ({"kind": "unit", "row": 0, "layer": 0, "channel": 0, "y": 0}, "x"),
        ({"kind": "unit", "row": 0, "layer": 0, "channel": 0, "y": 0, "x": 0, "unit": 1}, "unit"),
        ({"kind": "unit", "row": 0, "layer": 2, "channel": 0}, "unit"),
        ({"kind": "unit", "row": 0, "layer": 2, "unit": 5}, "unit"),
        ({"kind": "saliency", "row": 0, "class_index": 10}, "class"),
        ({"kind": "grad_cam", "row": 0, "layer": 2}, "layer"),
        ({"kind": "top", "layer": 2, "channel": 0}, "layer"),
        ({"kind": "top", "layer": 0, "channel": 2}, "channel"),
        ({"kind": "top", "layer": 0, "channel": 0, "row": 1}, "row"),
        ({"kind": "synthesis", "layer": 3, "channel": 0}, "layer"),
    ],
)
def test_what_there_is_not_is_refused_where_it_is_named(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask(**fields)
    assert [error.path for error in refused.value.errors] == [path]


def test_a_picture_that_is_sent_has_no_row_and_is_no_matter_for_filters() -> None:
    ask(drawn=True, kind="maps")
    for fields, path in (({"kind": "maps", "row": 1}, "row"), ({"kind": "top", "layer": 0, "channel": 0}, "kind")):
        with pytest.raises(InvalidInput) as refused:
            ask(drawn=True, **fields)
        assert [error.path for error in refused.value.errors] == [path]


def test_grad_cam_needs_maps() -> None:
    with pytest.raises(InvalidInput, match="no layer of this network makes maps"):
        check_question(setup_of([Flatten()]), parse_value(Question, {"kind": "grad_cam", "row": 0}))
