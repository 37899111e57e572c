"""What a run has to tell, for however many listen: the latest of each part, the status, and the log of points.

The scheduler's thread publishes; subscriptions on the event loop read. Parts are latest-wins; points are a log, read
from a cursor, so that each reaches each listener once.
"""

import asyncio
from collections.abc import Iterable, Sequence
from itertools import count
from threading import Lock
from typing import Any, NamedTuple

from app.engine.history import History, Row
from app.runs.fragments import Fragment, encode
from app.schemas.frame import FramePart

_KEPT_POINTS = 8


class Frame(NamedTuple):
    """What belongs together, exchanged as one, since other threads read it."""

    header: Fragment
    parts: dict[FramePart, Fragment]
    origin: int
    """The revision at which the curve began."""
    history: History


class Listener:
    """One subscription's ear: an asyncio event that other threads may set."""

    def __init__(self, parts: frozenset[FramePart], loop: asyncio.AbstractEventLoop) -> None:
        self.parts = parts
        self.event = asyncio.Event()
        self._loop = loop

    def notify(self) -> None:
        """Wakes the subscription; safe from any thread, harmless once its loop is closed."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.event.set)


class Channel:
    """One run's outgoing side."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.frame = Frame(Fragment(b"{}"), {}, 0, History(()))
        self.status: Fragment = Fragment(b"{}")
        self.problem: Fragment | None = None
        self.closed = False
        self.encoded = 0
        """Parts encoded so far."""
        self._versions = count(1)
        self._listeners: set[Listener] = set()
        self._points: dict[tuple[int, int, int], Fragment] = {}
        self._lock = Lock()

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listeners)

    def wanted(self) -> frozenset[FramePart]:
        """The union of the parts that are listened to."""
        with self._lock:
            return frozenset[FramePart]().union(*(listener.parts for listener in self._listeners))

    def add(self, listener: Listener) -> None:
        """From now on `listener` is notified."""
        with self._lock:
            self._listeners.add(listener)

    def remove(self, listener: Listener) -> None:
        """No longer."""
        with self._lock:
            self._listeners.discard(listener)

    def publish_status(self, status: dict[str, Any]) -> None:
        """A new status, in words too."""
        self.status = self._fragment(status)
        self.notify()

    def publish_problem(self, problem: dict[str, Any] | None) -> None:
        """Something went wrong (or no longer is)."""
        self.problem = None if problem is None else self._fragment(problem)
        self.notify()

    def publish_frame(
        self, header: dict[str, Any], parts: dict[FramePart, Any], origin: int, history: History
    ) -> None:
        """New pictures, and the step that they belong to. Parts are encoded here, once."""
        encoded = {name: self._fragment(value) for name, value in parts.items()}
        # The header ends open: parts and points follow it inside the same object.
        head = Fragment(encode(header)[:-1], next(self._versions))
        self.frame = Frame(head, {**self.frame.parts, **encoded}, origin, history)
        self.encoded += len(encoded)
        self.notify()

    def points(self, columns: Sequence[str], rows: Sequence[Row], key: tuple[int, int, int]) -> Fragment:
        """The encoded rows; listeners with the same cursor, which `key` names, share them."""
        with self._lock:
            if key not in self._points:
                if len(self._points) >= _KEPT_POINTS:
                    self._points.pop(next(iter(self._points)))
                self._points[key] = Fragment(encode({"columns": columns, "rows": rows}))
            return self._points[key]

    def close(self) -> None:
        """The run was deleted: subscriptions end."""
        self.closed = True
        self.notify()

    def notify(self) -> None:
        """Wakes everybody."""
        with self._lock:
            listeners: Iterable[Listener] = tuple(self._listeners)
        for listener in listeners:
            listener.notify()

    def _fragment(self, value: Any) -> Fragment:
        return Fragment(encode(value), next(self._versions))
