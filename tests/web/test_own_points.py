"""Points of one's own: what a text is taken for before it is used, and what is learnt from then."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from tests.web.conftest import LIMIT

HTML = {"Accept": "text/html", "HX-Request": "true"}


@pytest.fixture
def own_points(client: TestClient) -> str:
    """The address of the routes of a page that has just been opened."""
    match = re.search(r'data-run="(\w+)"', client.get("/").text)
    assert match
    return f"/runs/{match[1]}/own-points"


def preview(client: TestClient, own_points: str, text: str | bytes) -> str:
    answer = client.post(f"{own_points}/preview", content=text, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<(?!path)[^>]*>", " ", answer.text)).strip())


def test_a_preview_of_classes_counts_them(client: TestClient, own_points: str) -> None:
    text = preview(client, own_points, "age,height,kind\n1,2,pear\n3,4.5,apple\n-5,6,pear\n")
    assert "3 points, 2 classes" in text
    assert "apple 1 pear 2" in text
    assert "age height kind 1 2 pear 3 4.5 apple −5 6 pear" in text
    assert text.count("<path") == 2


def test_a_preview_of_values_tells_their_range(client: TestClient, own_points: str) -> None:
    text = preview(client, own_points, "x;y;target\n1;2;0,5\n3;4;-2\n")
    assert "2 points, values to predict" in text
    assert "From −2 to 0.5" in text


def test_values_that_are_all_nought_are_shown(client: TestClient, own_points: str) -> None:
    assert "From 0 to 0" in preview(client, own_points, "x,y,target\n1,2,0\n3,4,0\n")


def test_only_the_first_rows_are_shown(client: TestClient, own_points: str) -> None:
    text = preview(client, own_points, "".join(f"{index},{index},{index % 2}\n" for index in range(300)))
    assert "300 points" in text
    assert text.endswith("4 4 0")
    assert "Kept on this server" in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1,2,a\n2,b,c\n3,4\n", "Line 3 : there must be three columns"),
        ("1,2,a\n2,b,c\nz,4,a\n", "Line 2, column 2 : must be a number, not 'b' Line 3, column 1 :"),
        ("1,2,a\n2,3,a\n", "Classification needs at least two classes"),
        ("1,2,a\n", "at least two points"),
        (b"\xff\xfe\x00", "not a text file"),
        ("1,1,<b>\n2,2,<script>alert(1)</script>\nx,1,1", "Line 3, column 1"),
        ("0" * (LIMIT // 3 + 1), f"at most {LIMIT // 3:,} bytes"),
    ],
)
def test_a_preview_says_what_is_wrong_and_where(
    client: TestClient, own_points: str, text: str | bytes, told: str
) -> None:
    assert told in preview(client, own_points, text)


def test_what_was_previewed_is_escaped(client: TestClient, own_points: str) -> None:
    answer = client.post(f"{own_points}/preview", content="1,1,<script>\n2,2,b")
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_the_largest_text_that_has_a_preview_can_be_used(client: TestClient, own_points: str) -> None:
    text = "1,2,0\n3,4,1\n".ljust(LIMIT // 3, "\n")
    assert "2 points" in preview(client, own_points, text)
    assert client.post(own_points, data={"text": text}, headers=HTML).status_code == 200


def test_points_come_as_they_are_with_the_plane_that_they_were_painted_on(client: TestClient, own_points: str) -> None:
    client.patch(own_points.removesuffix("/own-points"), data={"data.noise": "20"}, headers=HTML)
    form = {"text": "x1,x2,label\n1,1,-1\n2,2,1", "data.domain": "-6,6;-6,6"}
    answer = client.post(own_points, data=form, headers=HTML)
    wanted = "/?data.kind=points&data.points=1,1,-1;2,2,1&data.task=classification&data.domain=-6,6;-6,6"
    assert answer.headers["HX-Replace-Url"] == wanted
    pasted = client.post(own_points, data={"text": form["text"]}, headers=HTML)
    assert pasted.headers["HX-Replace-Url"] == wanted.removesuffix("&data.domain=-6,6;-6,6")


def test_a_plane_that_is_none_is_told(client: TestClient, own_points: str) -> None:
    form = {"text": "1,1,-1\n2,2,1", "data.domain": "6,-6;x"}
    answer = client.post(own_points, data=form, headers=HTML)
    assert answer.status_code == 422
    assert "data.domain" in answer.text


def test_all_points_are_told_and_exactly(client: TestClient, own_points: str) -> None:
    run = own_points.removesuffix("/own-points")
    client.patch(run, data={"data.samples": "3000"}, headers=HTML)
    assert len(client.get(f"{run}/points").json()["points"]) == 3000
    rows = [[index / 7, -index / 3e6, index % 2] for index in range(20)]
    client.post(own_points, data={"text": "\n".join(",".join(map(repr, row)) for row in rows)}, headers=HTML)
    assert sorted(point[:3] for point in client.get(f"{run}/points").json()["points"]) == rows
