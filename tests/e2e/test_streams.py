"""Streams as clients see them: cut and resumed, compressed or not, over one run or several."""

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

Event = tuple[str, str, dict[str, Any]]


@contextmanager
def _events(http: httpx.Client, url: str, **headers: str) -> Generator[Iterator[Event]]:
    """Events as (name, id, data)."""
    with http.stream("GET", url, headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield _parsed(response.iter_lines())


def _parsed(lines: Iterator[str]) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
        elif "data" in fields:
            yield fields["event"], fields.get("id", ""), json.loads(fields["data"])
            fields = {}


def _points(http: httpx.Client, url: str, last_event_id: str, until: int) -> tuple[list[list[Any]], str]:
    """Rows from `last_event_id` on, read until one of them has at least `until` steps; and the id to go on from."""
    rows: list[list[Any]] = []
    with _events(http, f"{url}/events?parts=points", **{"Last-Event-ID": last_event_id}) as events:
        for name, event_id, data in events:
            if name == "frame":
                last_event_id = event_id
                rows += data.get("points", {"rows": []})["rows"]
                if rows and rows[-1][0] >= until:
                    break
    return rows, last_event_id


def test_stream_that_is_cut_and_resumed_delivers_every_point_once(http: httpx.Client, run_url: str) -> None:
    http.post(f"{run_url}/commands", json={"type": "speed", "epochs_per_second": 300})
    http.post(f"{run_url}/commands", json={"type": "play", "until": {"epoch": 400}})
    rows: list[list[Any]] = []
    last_event_id = ""
    for epoch in (20, 90, 91, 250, 400):
        more, last_event_id = _points(http, run_url, last_event_id, epoch * 25)
        rows += more
    assert [row[0] for row in rows] == [25 * epoch for epoch in range(401)]
    assert rows == http.get(f"{run_url}/history").json()["rows"]


def test_compressed_stream_says_the_same(http: httpx.Client, run_url: str) -> None:
    http.post(f"{run_url}/commands", json={"type": "step", "unit": "epoch", "count": 5})
    frames: list[dict[str, Any]] = []
    for encoding in ("identity", "gzip"):
        with _events(http, f"{run_url}/events", **{"Accept-Encoding": encoding}) as events:
            frames.append(next(data for name, _, data in events if name == "frame" and "boundary" in data))
    assert frames[0] == frames[1]


def test_one_stream_shows_several_runs(http: httpx.Client) -> None:
    runs = [http.post("/api/v1/runs", json={"seed": seed}).json() for seed in range(3)]
    ids = {run["id"] for run in runs}
    seen: set[str] = set()
    with _events(http, f"/api/v1/events?runs={','.join(ids)}&parts=metrics") as events:
        for name, _, data in events:
            if name == "frame":
                assert "boundary" not in data
                seen.add(data["run"])
            if seen == ids:
                break
    for run in runs:
        http.delete(run["links"]["self"])


def test_stream_of_several_that_is_cut_at_every_event_delivers_every_point_of_each_once(http: httpx.Client) -> None:
    body = {"vary": {"seed": [1, 2, 3]}}
    runs = [run["id"] for run in http.post("/api/v1/comparisons", json=body).json()["runs"]]
    for run in runs:
        http.post(f"/api/v1/runs/{run}/commands", json={"type": "speed", "epochs_per_second": 100})
        http.post(f"/api/v1/runs/{run}/commands", json={"type": "play", "until": {"epoch": 60}})
    rows: dict[str, list[list[Any]]] = {run: [] for run in runs}
    last_event_id = ""
    while any(len(told) < 61 for told in rows.values()):
        headers = {"Last-Event-ID": last_event_id}
        with _events(http, f"/api/v1/events?runs={','.join(runs)}&parts=points", **headers) as events:
            event_id, data = next((id_, data) for name, id_, data in events if name == "frame" and "points" in data)
        last_event_id = event_id
        rows[data["run"]] += data["points"]["rows"]
    for run in runs:
        assert rows[run] == http.get(f"/api/v1/runs/{run}/history").json()["rows"]
        http.delete(f"/api/v1/runs/{run}")


def test_stream_ends_with_its_run(http: httpx.Client) -> None:
    url = http.post("/api/v1/runs").headers["location"]
    with _events(http, f"{url}/events?parts=metrics") as events:
        assert next(events)[0] in ("status", "frame")
        http.delete(url)
        for _ in events:
            pass
