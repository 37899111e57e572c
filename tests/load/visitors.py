"""Visitors as REST clients: each keeps its cookie, makes runs, and tells them what to do."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

PARTS = "points,metrics,weights,neurons,boundary"
"""What the page shows as usual."""


@dataclass
class Visitor:
    """One visitor of the server at `url`, and the run that it watches."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict[str, str])
    run: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What tells the server who asks."""
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    @property
    def stream_path(self) -> str:
        """Where its run is shown."""
        return f"/api/v1/runs/{self.run}/events?parts={PARTS}"

    def create(self, client: httpx.Client) -> float:
        """Makes a default run. Returns how long that took, in seconds."""
        reply = self._send(client, "POST", "/api/v1/runs", {})
        self.cookies.update(reply.cookies)
        self.run = reply.json()["id"]
        return reply.elapsed.total_seconds()

    def tell(self, client: httpx.Client, kind: str, **fields: object) -> float:
        """A command. Returns the seconds until it was acknowledged."""
        path = f"/api/v1/runs/{self.run}/commands"
        return self._send(client, "POST", path, {"type": kind, **fields}).elapsed.total_seconds()

    def set_learning_rate(self, client: httpx.Client, rate: float) -> float:
        """A patch, likewise."""
        patch = {"training": {"optimizer": {"learning_rate": rate}}}
        return self._send(client, "PATCH", f"/api/v1/runs/{self.run}", patch).elapsed.total_seconds()

    def delete(self, client: httpx.Client) -> None:
        """Has the server forget its run."""
        client.delete(f"{self.url}/api/v1/runs/{self.run}", headers=self.headers).raise_for_status()

    def _send(self, client: httpx.Client, method: str, path: str, document: dict[str, Any]) -> httpx.Response:
        headers = {"Content-Type": "application/json", **self.headers}
        reply = client.request(method, self.url + path, content=json.dumps(document), headers=headers)
        client.cookies.clear()  # they are each visitor's own
        return reply.raise_for_status()


def plain_client() -> httpx.Client:
    """A client for all visitors: what it sends says who asks."""
    return httpx.Client(timeout=30, trust_env=False)
