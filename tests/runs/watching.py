"""One client of an event stream: reads what a subscription yields, as a browser would, and adds up the points."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.families.registry import family_of
from app.runs.subscription import Subscription
from app.schemas.frame import FramePart
from tests.runs.driver import PATIENCE_SECONDS, Driver

ALL = family_of("mlp").probes
"""Every part that the default network has."""
POINTS: frozenset[FramePart] = frozenset({"points"})


@dataclass(frozen=True)
class Event:
    """One server-sent event. `id` is empty where it has none."""

    kind: str
    id: str
    data: dict[str, Any]


@dataclass
class Viewer:
    """What a page knows: the last id, and each curve by run and origin as steps in the order of their arrival."""

    last_id: str = ""
    curves: dict[str, dict[int, list[int]]] = field(default_factory=dict[str, dict[int, list[int]]])
    events: list[Event] = field(default_factory=list[Event])

    def see(self, event: Event) -> None:
        """Takes in one event."""
        self.events.append(event)
        self.last_id = event.id or self.last_id
        if "points" in event.data:
            curve = self.curves.setdefault(event.data["run"], {}).setdefault(event.data["origin"], [])
            curve += [row[0] for row in event.data["points"]["rows"]]

    def frames(self) -> list[dict[str, Any]]:
        """All frames so far."""
        return [event.data for event in self.events if event.kind == "frame"]


def parse_event(text: bytes) -> Event | None:
    """The event, or None for a comment or the time to reconnect."""
    fields = dict(line.split(": ", 1) for line in text.decode().strip().split("\n"))
    return Event(fields["event"], fields.get("id", ""), json.loads(fields["data"])) if "event" in fields else None


async def follow(subscription: Subscription, viewer: Viewer, enough: Callable[[Viewer], bool]) -> None:
    """Reads until it is enough, then leaves."""
    events = subscription.events()
    try:
        async for text in events:
            event = parse_event(text)
            if event is not None:
                viewer.see(event)
                if enough(viewer):
                    return
    finally:
        await events.aclose()


async def frame_of(events: AsyncGenerator[bytes], revision: int) -> Event:
    """The next frame of at least this revision."""
    async for text in events:
        event = parse_event(text)
        if event is not None and event.kind == "frame" and event.data["revision"] >= revision:
            return event
    raise AssertionError("the stream ended")


def watch(
    driver: Driver,
    run_ids: Sequence[str],
    enough: Callable[[Viewer], bool],
    *,
    parts: frozenset[FramePart] = POINTS,
    viewer: Viewer | None = None,
) -> Viewer:
    """Connects, or reconnects a viewer that has seen something, and reads until it is enough."""
    viewer = viewer or Viewer()
    subscription = driver.service.subscribe(run_ids, parts, viewer.last_id)
    asyncio.run(asyncio.wait_for(follow(subscription, viewer, enough), PATIENCE_SECONDS))
    return viewer


def told_of(status: str, *, at_least: int = 0) -> Callable[[Viewer], bool]:
    """Whether the last event is a frame with this status, at a step no earlier than given."""
    return lambda viewer: bool(
        viewer.events
        and viewer.events[-1].kind == "frame"
        and viewer.events[-1].data["status"] == status
        and viewer.events[-1].data["step"] >= at_least
    )


def frames(count: int) -> Callable[[Viewer], bool]:
    """Whether so many frames have come."""
    return lambda viewer: len(viewer.frames()) >= count
