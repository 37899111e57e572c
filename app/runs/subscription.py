"""One client's event stream over one or more runs, resumable by the id of the last event that it saw.

An id reads `run-origin-revision-step.run-origin-revision-step…`: the curve of each run (by the revision at which it
began), and the revision and step of the last point delivered. It holds across a restart of the server. A stream
holds nothing but these cursors and what it last sent, so a client that does not read costs nothing more, and gets the
newest pictures when it reads again.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from app.runs.channel import Channel, Frame, Listener
from app.runs.fragments import Fragment, GzipEncoding, PlainEncoding
from app.runs.run import Run
from app.schemas.frame import FramePart

HEARTBEAT_SECONDS = 15.0
_ID = re.compile(r"([0-9a-f]{12})-(\d{1,12})-(\d{1,12})-(\d{1,12})", re.ASCII)
_RETRY = Fragment(b"retry: 500\n\n")
_END = Fragment(b"}\n\n")
_BLANK = Fragment(b"\n\n")
_HEARTBEAT = Fragment(b": still here\n\n")


@dataclass
class _Cursor:
    """How far one run has been told. Origins, revisions and steps are counted from 0, versions from 1."""

    run: Run
    origin: int = -1
    revision: int = -1
    step: int = -1
    status: int = 0
    problem: int = 0
    frame: int = 0
    withheld: bool = False
    """Whether there are points of a change that is not on disk yet: one that a crash may undo is not told."""
    parts: dict[FramePart, int] = field(default_factory=dict[FramePart, int])


class Subscription:
    """See the module."""

    def __init__(
        self,
        runs: Sequence[Run],
        parts: frozenset[FramePart],
        last_event_id: str,
        *,
        watcher: str,
        gzip: bool,
        refresh: Callable[[Run], "Future[None]"],
    ) -> None:
        """`refresh` sees to it that a run's frame holds whatever its listeners want."""
        self._parts = parts
        self._watcher = watcher
        self._cursors = [_Cursor(run) for run in runs]
        self._encoding = GzipEncoding() if gzip else PlainEncoding()
        self._refresh = refresh
        self._resume(last_event_id)

    async def events(self) -> AsyncGenerator[bytes]:
        """Server-sent events, framed; ends when every run is deleted or the caller stops listening."""
        listener = Listener(self._parts, asyncio.get_running_loop(), self._watcher)
        runs = [cursor.run for cursor in self._cursors]
        for run in runs:
            run.channel.add(listener)
        try:
            yield self._encoding.start() + self._encoding.join([_RETRY])
            refreshed = (asyncio.wrap_future(self._refresh(run)) for run in runs)
            await asyncio.gather(*refreshed, return_exceptions=True)
            while not listener.dismissed and not all(run.channel.closed for run in runs):
                listener.event.clear()
                for cursor in self._cursors:
                    for event in self._news(cursor):
                        yield self._encoding.join(event)
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):  # unlike wait_for, it makes no task
                        await listener.event.wait()
                except TimeoutError:
                    yield self._encoding.join([_HEARTBEAT])
            yield self._encoding.end()
        finally:
            for run in runs:
                run.channel.remove(listener)

    def _news(self, cursor: _Cursor) -> list[list[Fragment]]:
        """The events that this run has for this client, each as its fragments."""
        channel, events = cursor.run.channel, list[list[Fragment]]()
        status, problem = channel.status, channel.problem
        if status.version > cursor.status:
            cursor.status = status.version
            events.append([Fragment(b"event: status\ndata: "), status, _BLANK])
        if problem is not None and problem.version > cursor.problem:
            cursor.problem = problem.version
            events.append([Fragment(b"event: problem\ndata: "), problem, _BLANK])
        frame = self._frame(cursor, channel)
        if frame:
            events.append(frame)
        return events

    def _frame(self, cursor: _Cursor, channel: Channel) -> list[Fragment]:
        frame = channel.frame
        fresh, body = frame.header.version > cursor.frame, list[Fragment]()
        cursor.frame = frame.header.version
        if "points" in self._parts and (fresh or cursor.withheld):
            body += self._points(cursor, channel, frame)
        if not fresh and not body:
            return []
        for name in sorted(self._parts & frame.parts.keys()):
            if frame.parts[name].version > cursor.parts.get(name, 0):
                cursor.parts[name] = frame.parts[name].version
                body += [Fragment(f',"{name}":'.encode()), frame.parts[name]]
        return [Fragment(f"event: frame\nid: {self._id()}\ndata: ".encode()), frame.header, *body, _END]

    def _points(self, cursor: _Cursor, channel: Channel, frame: Frame) -> list[Fragment]:
        kept = channel.kept
        cursor.withheld = frame.origin > kept
        if cursor.withheld:
            return []
        if frame.origin != cursor.origin:
            cursor.origin, cursor.revision, cursor.step = frame.origin, -1, -1
        news = frame.history.after(cursor.step, cursor.revision)
        rows = [row for row in news if row[2] <= kept]
        cursor.withheld = len(rows) < len(news)
        if not rows:
            return []
        first, last = rows[0][0], rows[-1][0]
        fragment = channel.points(frame.history.columns, rows, (frame.origin, first, last))
        cursor.step, _, cursor.revision = rows[-1][:3]
        return [Fragment(b',"points":'), fragment]

    def _id(self) -> str:
        told = (cursor for cursor in self._cursors if cursor.step >= 0)
        return ".".join(f"{cursor.run.id}-{cursor.origin}-{cursor.revision}-{cursor.step}" for cursor in told)

    def _resume(self, last_event_id: str) -> None:
        """What an id does not tell of begins anew: all of it, where it is no id at all."""
        parts = [_ID.fullmatch(part) for part in last_event_id.split(".")]
        told = {part[1]: [int(number) for number in part.groups()[1:]] for part in parts if part}
        for cursor in self._cursors:
            cursor.origin, cursor.revision, cursor.step = told.get(cursor.run.id, (-1, -1, -1))
