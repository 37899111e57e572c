"""The dock offers the charts that an address can name, and no others."""

import re
from typing import get_args

from fastapi.testclient import TestClient

from app.web.lab.view import Chart


def test_there_is_a_chip_for_each_chart_of_the_view(client: TestClient) -> None:
    chips = re.findall(r'data-toggle="(\w+)"', client.get("/").text)
    assert len(chips) == len(set(chips))
    assert set(chips) == set(get_args(Chart))


def test_each_chart_of_the_view_is_drawn_by_the_page(client: TestClient) -> None:
    script = client.get("/static/js/charts/cards/index.js").text
    assert set(re.findall(r"^  (\w+): \w+Chart,$", script, re.MULTILINE)) == set(get_args(Chart))
