"""The small pictures that never change."""

import base64
from typing import get_args

import pytest

from app.schemas.data import DATA_KINDS, FeatureName
from app.web.lab.pictures import feature_maps, kind_pictures


def test_every_kind_but_own_points_has_a_thumbnail() -> None:
    kinds = [model.model_fields["kind"].default for model in DATA_KINDS]
    drawn = [picture.kind for picture in kind_pictures()]
    assert drawn == [*(kind for kind in kinds if kind != "points"), "digits", "shapes"]
    assert all(len(picture.marks) >= 2 for picture in kind_pictures())


def test_every_feature_has_a_map_of_as_many_bytes_as_its_shape_says() -> None:
    maps = feature_maps()
    assert tuple(maps) == get_args(FeatureName)
    for picture in maps.values():
        height, width = picture.shape
        assert len(base64.b64decode(picture.data)) == height * width
        assert picture.range[0] == -picture.range[1]


def test_a_map_begins_with_the_lowest_x2() -> None:
    pixels = base64.b64decode(feature_maps()["x2"].data)
    assert pixels[0] == 0
    assert pixels[-1] == 255
    assert base64.b64decode(feature_maps()["x1"].data)[0] == pytest.approx(0)
