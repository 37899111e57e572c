"""What a run has to tell, for however many listen: the latest of each part, the status, and the log of points.

The scheduler's thread publishes; subscriptions on the event loop read. Parts are latest-wins; points are a log, read
from a cursor, so that each reaches each listener once.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count
from threading import Lock
from typing import Any, NamedTuple

from app.engine.history import History, Row
from app.runs.fragments import Fragment, encode
from app.schemas.frame import FramePart


class Frame(NamedTuple):
    """What belongs to one step, exchanged as one, since other threads read it."""

    header: Fragment
    parts: dict[FramePart, Fragment]
    origin: int
    """The revision at which the curve began."""
    history: History
    """As it was at that step."""


class Listener:
    """One subscription's ear: an asyncio event that other threads may set."""

    def __init__(self, parts: frozenset[FramePart], loop: asyncio.AbstractEventLoop, watcher: str = "") -> None:
        self.parts = parts
        self.watcher = watcher
        self.event = asyncio.Event()
        self.dismissed = False
        """Whether it is to hear no more."""
        self._loop = loop

    def notify(self) -> None:
        """Wakes the subscription; safe from any thread, harmless once its loop is closed."""
        with suppress(RuntimeError):  # closed
            self._loop.call_soon_threadsafe(self.event.set)


class Channel:
    """One run's outgoing side."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.frame = Frame(Fragment(b"{"), {}, -1, History(()))
        self.status: Fragment = Fragment(b"{}")
        self.problem: Fragment | None = None
        self.closed = False
        self.kept = 0
        """The last revision of the run that is on disk."""
        self.encoded = 0
        """Parts encoded so far, points included."""
        self._versions = count(1)
        self._listeners: frozenset[Listener] = frozenset()
        self._points: dict[tuple[int, int, int], Fragment] = {}
        self._lock = Lock()

    @property
    def listeners(self) -> frozenset[Listener]:
        """Those who listen."""
        return self._listeners

    def wanted(self) -> frozenset[FramePart]:
        """The union of the parts that are listened to."""
        return frozenset[FramePart]().union(*(listener.parts for listener in self._listeners))

    def add(self, listener: Listener) -> None:
        """From now on `listener` is notified."""
        with self._lock:
            self._listeners |= {listener}

    def remove(self, listener: Listener) -> None:
        """No longer. Pictures that nobody looks at are not kept: a server has thousands of runs."""
        with self._lock:
            self._listeners -= {listener}
            if not self._listeners:
                self._points.clear()
                self.frame = self.frame._replace(parts={})

    def publish_status(self, status: dict[str, Any]) -> None:
        """A new status, in words too."""
        self.status = self._fragment(status)
        self.notify()

    def publish_problem(self, problem: dict[str, Any] | None) -> None:
        """Something went wrong (or no longer is)."""
        self.problem = None if problem is None else self._fragment(problem)
        self.notify()

    def publish_frame(
        self,
        header: dict[str, Any],
        parts: Mapping[FramePart, object],
        origin: int,
        history: History,
        lasting: frozenset[FramePart] = frozenset(),
    ) -> None:
        """The pictures of one step, but for those that are `lasting`: they stay as they were while the curve goes on.

        They are encoded here, once; `history` must not change.
        """
        encoded: dict[FramePart, Fragment] = {name: self._fragment(value) for name, value in parts.items()}
        # The header ends open: parts and points follow it inside the same object.
        head = Fragment(encode(header)[:-1], next(self._versions))
        with self._lock:
            old = self.frame
            stays: dict[FramePart, Fragment] = {
                name: part for name, part in old.parts.items() if name in lasting and old.origin == origin
            }
            self.frame = Frame(head, {**stays, **encoded}, origin, history)
            self._points.clear()
            self.encoded += len(parts)
        self.notify()

    def points(self, columns: Sequence[str], rows: Sequence[Row], key: tuple[int, int, int]) -> Fragment:
        """The encoded rows; listeners with the same cursor, which `key` names, share them."""
        with self._lock:
            if key not in self._points:
                self._points[key] = Fragment(encode({"columns": columns, "rows": rows}))
                self.encoded += 1
            return self._points[key]

    def keep(self, revision: int) -> None:
        """The run is on disk as it was at this revision."""
        if revision > self.kept:
            self.kept = revision
            self.notify()

    def dismiss(self) -> None:
        """Ends all subscriptions; whoever may still listen comes again."""
        for listener in self._listeners:
            listener.dismissed = True
        self.notify()

    def close(self) -> None:
        """The run was deleted: subscriptions end."""
        self.closed = True
        self.notify()

    def notify(self) -> None:
        """Wakes everybody."""
        for listener in self._listeners:
            listener.notify()

    def _fragment(self, value: object) -> Fragment:
        return Fragment(encode(value), next(self._versions))
