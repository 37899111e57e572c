"""One client's event stream over one or more runs, resumable by the id of the last event that it saw.

An id reads `boot.origin-step.origin-step…`, one pair for each run in the order asked for: the curve (by the revision
at which it began) and the last step whose point was delivered. A stream holds nothing but these cursors and what it last
sent, so a client that does not read costs nothing more, and gets the newest pictures when it reads again.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from app.runs.channel import Channel, Frame, Listener
from app.runs.fragments import Fragment, GzipEncoding, PlainEncoding
from app.runs.run import Run
from app.schemas.frame import FramePart

HEARTBEAT_SECONDS = 15.0
_ID = re.compile(r"^([0-9a-f]{8})((?:\.\d{1,12}-(?:\d{1,12}|x))+)$")
_END = Fragment(b"}\n\n")
_BLANK = Fragment(b"\n\n")
_HEARTBEAT = Fragment(b": still here\n\n")


@dataclass
class _Cursor:
    """How far one run has been told."""

    run: Run
    origin: int = -1
    step: int = -1
    status: int = -1
    problem: int = -1
    frame: int = 0
    parts: dict[FramePart, int] = field(default_factory=dict[FramePart, int])


class Subscription:
    """See the module. `boot` tells one start of the server from another."""

    def __init__(
        self,
        boot: str,
        runs: Sequence[Run],
        parts: frozenset[FramePart],
        last_event_id: str,
        *,
        gzip: bool,
        refresh: Callable[[Run], None],
        left: Callable[[Run], None],
    ) -> None:
        self._boot = boot
        self._parts = parts
        self._cursors = [_Cursor(run) for run in runs]
        self._encoding = GzipEncoding() if gzip else PlainEncoding()
        self._refresh = refresh
        self._left = left
        self._resume(last_event_id)

    async def events(self) -> AsyncIterator[bytes]:
        """Server-sent events, framed; ends when every run is deleted or the caller stops listening."""
        listener = Listener(self._parts, asyncio.get_running_loop())
        channels = [cursor.run.channel for cursor in self._cursors]
        for channel in channels:
            channel.add(listener)
        try:
            for cursor in self._cursors:
                self._refresh(cursor.run)
            yield self._encoding.start() + self._encoding.join([Fragment(b"retry: 500\n\n")])
            while not all(channel.closed for channel in channels):
                listener.event.clear()
                for cursor in self._cursors:
                    for event in self._news(cursor):
                        yield self._encoding.join(event)
                try:
                    await asyncio.wait_for(listener.event.wait(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield self._encoding.join([_HEARTBEAT])
            yield self._encoding.end()
        finally:
            for cursor, channel in zip(self._cursors, channels, strict=True):
                channel.remove(listener)
                self._left(cursor.run)

    def _news(self, cursor: _Cursor) -> list[list[Fragment]]:
        """The events that this run has for this client, each as its fragments."""
        channel, events = cursor.run.channel, list[list[Fragment]]()
        if channel.status.version > cursor.status:
            cursor.status = channel.status.version
            events.append([Fragment(b"event: status\ndata: "), channel.status, _BLANK])
        problem = channel.problem
        if problem is not None and problem.version > cursor.problem:
            cursor.problem = problem.version
            events.append([Fragment(b"event: problem\ndata: "), problem, _BLANK])
        frame = self._frame(cursor, channel)
        if frame:
            events.append(frame)
        return events

    def _frame(self, cursor: _Cursor, channel: Channel) -> list[Fragment]:
        frame = channel.frame
        body: list[Fragment] = []
        if "points" in self._parts:
            body += self._points(cursor, channel, frame)
        for name in sorted(self._parts & frame.parts.keys()):
            if frame.parts[name].version > cursor.parts.get(name, -1):
                cursor.parts[name] = frame.parts[name].version
                body += [Fragment(f',"{name}":'.encode()), frame.parts[name]]
        if frame.header.version == 0 or (not body and frame.header.version <= cursor.frame):
            return []
        cursor.frame = frame.header.version
        return [Fragment(f"event: frame\nid: {self._id()}\ndata: ".encode()), frame.header, *body, _END]

    def _points(self, cursor: _Cursor, channel: Channel, frame: Frame) -> list[Fragment]:
        if frame.origin != cursor.origin:
            cursor.origin, cursor.step = frame.origin, -1
        rows = frame.history.after(cursor.step)
        if not rows:
            return []
        last = rows[-1][0]
        fragment = channel.points(frame.history.columns, rows, (frame.origin, cursor.step, last))
        cursor.step = last
        return [Fragment(b',"points":'), fragment]

    def _id(self) -> str:
        pairs = (f"{max(cursor.origin, 0)}-{cursor.step if cursor.step >= 0 else 'x'}" for cursor in self._cursors)
        return ".".join([self._boot, *pairs])

    def _resume(self, last_event_id: str) -> None:
        """An id from another start of the server, of other runs, or that is not one, means from the beginning."""
        match = _ID.match(last_event_id)
        if not match or match[1] != self._boot:
            return
        pairs = [pair.split("-") for pair in match[2][1:].split(".")]
        if len(pairs) == len(self._cursors):
            for cursor, (origin, step) in zip(self._cursors, pairs, strict=True):
                cursor.origin, cursor.step = int(origin), -1 if step == "x" else int(step)

