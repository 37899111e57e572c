"""Files of the page: compressed once, known again by the browser that has them, read anew when they change."""

import gzip
import os
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from app.web.assets import Assets

TEXT = "export const answer = 42;\n" * 50


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "long.js").write_text(TEXT)
    (tmp_path / "short.css").write_text("a{}")
    return tmp_path


@pytest.fixture
def client(folder: Path) -> TestClient:
    return TestClient(Starlette(routes=[Mount("/static", Assets(folder))]))


def test_long_text_comes_compressed_to_whom_it_may(client: TestClient) -> None:
    zipped, plain = (client.get("/static/long.js", headers={"Accept-Encoding": name}) for name in ("gzip", "identity"))
    assert zipped.text == plain.text == TEXT
    assert zipped.headers["content-encoding"] == "gzip"
    assert int(zipped.headers["content-length"]) <= len(gzip.compress(TEXT.encode()))
    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-type"].startswith("text/javascript")
    assert "content-encoding" not in client.get("/static/short.css").headers


def test_what_the_browser_has_is_not_sent_again_until_it_changes(client: TestClient, folder: Path) -> None:
    tag = client.get("/static/long.js").headers["etag"]
    assert client.get("/static/long.js", headers={"If-None-Match": tag}).status_code == 304
    (folder / "long.js").write_text("export {};")
    os.utime(folder / "long.js", (1, 1))
    changed = client.get("/static/long.js", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.text) == (200, "export {};")


def test_what_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.get("/static/none.js").status_code == 404
    assert client.get("/static/../assets.py").status_code == 404
