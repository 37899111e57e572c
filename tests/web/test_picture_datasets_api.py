"""Uploads of pictures: the same ones under the same id however they are sent, and errors in one shape."""

import base64
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.data.pictures.codec import decode
from app.web.api.datasets import SNAPSHOTS
from tests.data.pictures.files import BLUE, RED, folders, large_png, picture, zipped
from tests.web.serving import serving

ADDRESS = "/api/v1/datasets"
ZIP = {"Content-Type": "application/zip"}
NOTHING: dict[str, str] = {}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server that takes uploads of 100,000 bytes and other bodies of 5,000."""
    folder = tmp_path_factory.mktemp("data")
    with serving(folder, max_upload_bytes=100_000, max_body_bytes=5_000) as client:
        yield client


def test_upload_tells_what_it_holds(client: TestClient) -> None:
    response = client.post(ADDRESS, content=zipped(folders(red=3, blue=2) | {"red/x.txt": b"x"}), headers=ZIP)
    assert response.status_code == 201, response.text
    dataset = response.json()
    own = f"{ADDRESS}/{dataset['id']}"
    assert dataset == {
        "id": dataset["id"],
        "pictures": 5,
        "classes": [{"name": "blue", "count": 2}, {"name": "red", "count": 3}],
        "side": 48,
        "skipped": 1,
        "data": {"kind": "pictures", "dataset": dataset["id"]},
        "links": {"self": own, "pictures": f"{own}/pictures/{{index}}"},
    }
    assert response.headers["location"] == own
    assert client.get(own).json() == dataset


def test_a_picture_is_a_png_that_never_changes(client: TestClient) -> None:
    dataset = client.post(ADDRESS, content=zipped(folders(red=3, blue=2)), headers=ZIP).json()
    for index, colour in ((0, BLUE), (4, RED)):
        response = client.get(dataset["links"]["pictures"].format(index=index))
        assert response.headers["content-type"] == "image/png"
        assert response.headers["cache-control"] == "private, max-age=31536000, immutable"
        square, pixels = decode(response.content)
        assert (square[:, 0, 0].tolist(), pixels) == ([*colour], 48 * 48)


@pytest.mark.parametrize(("index", "status"), [("5", 404), ("9999", 404), ("-1", 422), ("x", 422), ("1" * 50, 422)])
def test_there_are_no_other_pictures(client: TestClient, index: str, status: int) -> None:
    dataset = client.post(ADDRESS, content=zipped(folders(red=3, blue=2)), headers=ZIP).json()
    assert client.get(f"{ADDRESS}/{dataset['id']}/pictures/{index}").status_code == status


def test_a_table_has_no_pictures(client: TestClient) -> None:
    table = client.post(ADDRESS, content="1,2,a\n3,4,b\n").json()
    response = client.get(f"{ADDRESS}/{table['id']}/pictures/0")
    assert response.status_code == 422
    assert response.json()["errors"][0]["path"] == "data.dataset"


def test_same_pictures_have_the_same_id_however_they_are_sent(client: TestClient) -> None:
    files = folders(red=2, blue=2)
    loose = [(name.partition("/")[0], (name.rpartition("/")[2], content)) for name, content in files.items()]
    listed = [
        {"label": name.partition("/")[0], "data": base64.b64encode(content).decode()} for name, content in files.items()
    ]
    sent = [
        client.post(ADDRESS, content=zipped(files), headers=ZIP),
        client.post(ADDRESS, content=zipped(files), headers={"Content-Type": "application/x-zip-compressed"}),
        client.post(ADDRESS, files={"file": ("pictures.zip", zipped(files))}),
        client.post(ADDRESS, files={"anything": ("no-suffix", zipped(files))}),
        client.post(ADDRESS, files=[("file", (name, content)) for name, content in files.items()]),
        client.post(ADDRESS, files=loose),
        client.post(ADDRESS, json={"pictures": listed}),
    ]
    assert [response.status_code for response in sent] == [201] * len(sent)
    assert len({response.json()["id"] for response in sent}) == 1


def test_a_form_of_thousands_of_pictures_is_taken(client: TestClient) -> None:
    content = picture(size=(4, 4))
    response = client.post(ADDRESS, files=[(f"{index % 2}", (f"{index}.png", content)) for index in range(2_500)])
    assert response.json()["pictures"] == 2_500, response.text


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        (b"", 400, "This zip cannot be read"),
        (picture(), 400, "This zip cannot be read"),
        (zipped({}), 422, "There are no pictures"),
        (zipped(folders(blue=0)), 422, "All pictures are of one class, 'red'"),
        (
            zipped(folders() | {"red/large.png": large_png(4_001)}),
            422,
            "red/large.png: has more than 16,000,000 pixels",
        ),
        (zipped(folders() | {"red/bad.png": b"x"}), 422, "red/bad.png: is no picture that can be read"),
        (zipped({f"{index % 2}/{index}.png": b"" for index in range(5_001)}), 422, "There are 5,001 pictures"),
    ],
)
def test_bad_uploads_are_refused_in_words(client: TestClient, content: bytes, status: int, told: str) -> None:
    response = client.post(ADDRESS, content=content, headers=ZIP)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert told in response.json()["detail"]


def test_what_is_too_much_when_it_is_unpacked_is_too_large(client: TestClient) -> None:
    content = zipped(folders(300, 300) | {f"red/{index}.png": bytes(9_000_000) for index in range(300, 330)})
    response = client.post(ADDRESS, content=content, headers=ZIP)
    assert (response.status_code, response.json()["type"]) == (413, "/problems/too-large")


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (NOTHING, "pictures"),
        ({"pictures": []}, "pictures"),
        ({"pictures": [{"label": "a"}]}, "pictures.0.data"),
        ({"pictures": [{"label": "a", "data": "", "more": 1}]}, "pictures.0.more"),
        ({"pictures": [{"label": 1, "data": ""}]}, "pictures.0.label"),
        ({"pictures": [*SNAPSHOTS["pictures"][:3], {"label": "a", "data": "%"}]}, "pictures.3"),
        ({"pictures": SNAPSHOTS["pictures"] * 501}, "pictures"),
        ({"pictures": [NOTHING] * 300_000}, "pictures"),
        ([1], ""),
    ],
)
def test_bad_snapshots_are_refused_with_their_paths(client: TestClient, document: object, path: str) -> None:
    response = client.post(ADDRESS, json=document)
    assert response.status_code == 422
    assert response.json()["errors"][0]["path"] == path


def test_json_that_is_none_is_malformed(client: TestClient) -> None:
    response = client.post(ADDRESS, content=b"{", headers={"Content-Type": "application/json"})
    assert response.status_code == 400


@pytest.mark.parametrize("headers", [ZIP, {"Content-Type": "application/json"}])
def test_uploads_keep_within_their_limit(small: TestClient, headers: dict[str, str]) -> None:
    response = small.post(ADDRESS, content=bytes(100_001), headers=headers)
    assert (response.status_code, response.json()["type"]) == (413, "/problems/too-large")


def test_pictures_may_be_larger_than_other_bodies_and_tables_may_not(small: TestClient) -> None:
    content = zipped(folders(red=40, blue=40), method=0)
    assert 5_000 < len(content) < 100_000
    assert small.post(ADDRESS, content=content, headers=ZIP).status_code == 201
    table = "1,2,a\n3,4,b\n" * 500
    assert small.post(ADDRESS, content=table, headers={"Content-Type": "text/csv"}).status_code == 413
    assert small.post(ADDRESS, files={"file": ("points.csv", table)}).status_code == 413


def test_others_are_answered_while_pictures_are_read(client: TestClient) -> None:
    large = large_png(3_900)
    content = zipped({f"{index % 2}/{index}.png": large for index in range(4)})

    def upload(_: int) -> Response:
        return client.post(ADDRESS, content=content, headers=ZIP)

    with ThreadPoolExecutor(3) as pool:
        uploads = pool.map(upload, range(3))
        waits: list[float] = []
        for _ in range(20):
            began = time.perf_counter()
            assert client.get(f"{ADDRESS}/{'0' * 32}").status_code == 404
            waits.append(time.perf_counter() - began)
        assert [response.status_code for response in uploads] == [201] * 3
    assert sorted(waits)[10] < 0.5
