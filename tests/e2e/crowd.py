"""Clients that go on when the server falls: one follows a run's curve by its stream, one changes runs all the time."""

import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

_PATIENCE_SECONDS = 60.0
Row = tuple[float | None, ...]
Key = tuple[int, int]
"""Revision and step: what a point is known by."""


@dataclass
class Follower:
    """Reads the points of a run, and reconnects with the id of the last event that it saw."""

    url: str
    run: str
    rows: dict[Key, Row] = field(default_factory=dict[Key, Row])
    doubled: list[Key] = field(default_factory=list[Key])
    connections: int = 0
    problems: list[str] = field(default_factory=list[str])
    _last_id: str = ""
    _ended: threading.Event = field(default_factory=threading.Event)

    def follow(self) -> None:
        """Until it is told to end."""
        timeout = httpx.Timeout(5.0, read=20.0)
        with httpx.Client(base_url=self.url, trust_env=False, timeout=timeout) as http:
            while not self._ended.is_set():
                try:
                    self._read(http)
                except httpx.TransportError:
                    time.sleep(0.05)

    def end(self) -> None:
        """Stops with the next event."""
        self._ended.set()

    def _read(self, http: httpx.Client) -> None:
        headers = {"Last-Event-ID": self._last_id} if self._last_id else {}
        with http.stream("GET", f"/api/v1/runs/{self.run}/events?parts=points", headers=headers) as answer:
            if answer.status_code != 200:
                self.problems.append(f"{answer.status_code} for {self.run}")
                time.sleep(0.2)
                return
            self.connections += 1
            event: dict[str, str] = {}
            for line in answer.iter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                    continue
                self._take(event)
                event = {}
                if self._ended.is_set():
                    return

    def _take(self, event: dict[str, str]) -> None:
        if event.get("event") != "frame":
            return
        for row in json.loads(event["data"]).get("points", {}).get("rows", []):
            key = (row[2], row[0])
            if key in self.rows:
                self.doubled.append(key)
            self.rows[key] = tuple(row)
        self._last_id = event["id"]


@dataclass
class Changer:
    """Changes runs at random, and remembers what the server has answered for."""

    url: str
    runs: list[str]
    random: random.Random
    answered: int = 0
    unanswered: int = 0
    refused: list[str] = field(default_factory=list[str])
    least: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    """The revision and, where it rested, the step that the server has answered last for each run."""
    _ended: threading.Event = field(default_factory=threading.Event)

    def change(self) -> None:
        """Until it is told to end."""
        with httpx.Client(base_url=self.url, trust_env=False, timeout=10.0) as http:
            while not self._ended.is_set():
                run = self.random.choice(self.runs)
                try:
                    self._note(run, self._one(http, run))
                except httpx.TransportError:
                    self.unanswered += 1
                    time.sleep(0.02)

    def end(self) -> None:
        """Stops after the present change."""
        self._ended.set()

    def _one(self, http: httpx.Client, run: str) -> httpx.Response:
        address, rate = f"/api/v1/runs/{run}", round(self.random.uniform(0.001, 0.1), 4)
        commands: list[dict[str, Any]] = [
            {"type": "play"},
            {"type": "play"},
            {"type": "pause"},
            {"type": "step", "unit": "batch", "count": self.random.randint(1, 50)},
            {"type": "edit", "layer": 0, "parameter": "weight", "index": [0, 1], "value": rate},
            {"type": "edit", "layer": 1, "parameter": "bias", "index": [0], "value": -rate},
        ]
        patches: list[dict[str, Any]] = [
            {"training": {"optimizer": {"learning_rate": rate}}},
            {"training": {"regularization": {"l2": rate / 100}}},
            {"training": {"batch_size": self.random.randint(1, 30)}},
            {"training": {"optimizer": {"kind": self.random.choice(["sgd", "adam"])}}},
        ]
        if self.random.random() < 0.05:
            return http.post(f"{address}/commands", json={"type": "reset"})
        if self.random.random() < 0.5:
            return http.patch(address, json=self.random.choice(patches))
        return http.post(f"{address}/commands", json=self.random.choice(commands))

    def _note(self, run: str, answer: httpx.Response) -> None:
        if answer.status_code != 200:
            self.refused.append(f"{answer.status_code} {answer.text[:200]}")
            return
        self.answered += 1
        document = answer.json()
        self.least[run] = document["revision"], 0 if document["playing"] else document["step"]
