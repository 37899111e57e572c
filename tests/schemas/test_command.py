import pytest
from pydantic import JsonValue

from app.errors import InvalidInput
from app.schemas.command import Command
from app.schemas.document import parse_value


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ({"type": "play"}, {"type": "play", "until": None}),
        ({"type": "play", "until": {"epoch": 500}}, {"type": "play", "until": {"epoch": 500, "step": None}}),
        ({"type": "play", "until": {"step": 0}}, {"type": "play", "until": {"epoch": None, "step": 0}}),
        ({"type": "pause"}, {"type": "pause"}),
        ({"type": "step"}, {"type": "step", "unit": "epoch", "count": 1}),
        ({"type": "step", "unit": "sample", "count": 100_000}, {"type": "step", "unit": "sample", "count": 100_000}),
        ({"type": "reset"}, {"type": "reset"}),
        ({"type": "speed", "epochs_per_second": 30}, {"type": "speed", "epochs_per_second": 30.0}),
        ({"type": "speed", "epochs_per_second": None}, {"type": "speed", "epochs_per_second": None}),
        (
            {"type": "edit", "layer": 0, "parameter": "weight", "index": [1, 3], "value": -2},
            {"type": "edit", "layer": 0, "parameter": "weight", "index": [1, 3], "value": -2.0},
        ),
        (
            {"type": "edit", "layer": 2, "parameter": "bias", "index": [0], "value": 0.5},
            {"type": "edit", "layer": 2, "parameter": "bias", "index": [0], "value": 0.5},
        ),
    ],
)
def test_what_can_be_commanded(text: dict[str, JsonValue], whole: dict[str, JsonValue]) -> None:
    assert parse_value(Command, text).root.model_dump(mode="json") == whole


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ({}, ["type"]),
        ({"count": 3}, ["type"]),
        ({"type": "jump"}, ["type"]),
        ({"type": "pause", "now": True}, ["now"]),
        ({"type": "play", "until": 5}, ["until"]),
        ({"type": "play", "until": {}}, ["until"]),
        ({"type": "play", "until": {"epoch": 1, "step": 1}}, ["until"]),
        ({"type": "play", "until": {"epoch": -1}}, ["until.epoch"]),
        ({"type": "step", "count": 0}, ["count"]),
        ({"type": "step", "count": 100_001}, ["count"]),
        ({"type": "step", "count": "3"}, ["count"]),
        ({"type": "step", "unit": "year"}, ["unit"]),
        ({"type": "step", "step": 3}, ["step"]),
        ({"type": "speed"}, ["epochs_per_second"]),
        ({"type": "speed", "epochs_per_second": 0}, ["epochs_per_second"]),
        ({"type": "speed", "epochs_per_second": float("inf")}, ["epochs_per_second"]),
        ({"type": "edit", "layer": 0, "parameter": "weight", "index": [1] * 5, "value": 1}, ["index"]),
        ({"type": "edit", "layer": 0, "parameter": "bias", "index": [1, 1], "value": 1}, [""]),
        ({"type": "edit", "layer": 0, "parameter": "weight", "index": [-1, 0], "value": 1}, [""]),
        ({"type": "edit", "layer": 0, "parameter": "weight", "index": [0, 0], "value": 1e7}, ["value"]),
        ({"type": "edit", "layer": 25, "parameter": "weight", "index": [0, 0], "value": 1}, ["layer"]),
        ({"type": "edit", "layer": 0, "parameter": "weight"}, ["index", "value"]),
    ],
)
def test_what_cannot_be_commanded(text: dict[str, JsonValue], paths: list[str]) -> None:
    with pytest.raises(InvalidInput) as raised:
        parse_value(Command, text)
    assert [error.path for error in raised.value.errors] == paths


def test_json_schema_demands_the_type() -> None:
    assert all(member["required"] == ["type"] for member in Command.model_json_schema()["oneOf"])
