"""Event streams as responses: bytes that app.runs has framed and encoded, passed on until client or server leave."""

import asyncio
from collections.abc import AsyncIterator

from anyio import CancelScope
from starlette.responses import StreamingResponse
from starlette.types import Send

from app.web.metrics import Metrics
from app.web.shutdown import Shutdown


class EventStream(StreamingResponse):
    """A server-sent event stream that ends cleanly with the server and always closes its source."""

    def __init__(self, events: AsyncIterator[bytes], shutdown: Shutdown, metrics: Metrics, *, gzip: bool) -> None:
        """`gzip` says whether the events come compressed already."""
        # Proxies must neither keep events back to fill a buffer (nginx) nor store or compress them.
        headers = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no", "Vary": "Accept-Encoding"}
        if gzip:
            headers["Content-Encoding"] = "gzip"
        super().__init__(events, headers=headers, media_type="text/event-stream")
        self._events: AsyncIterator[bytes] = events
        self._shutdown = shutdown
        self._metrics = metrics

    async def stream_response(self, send: Send) -> None:
        """Send headers at once, then every event as it comes."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            with self._metrics.open_stream(), self._shutdown.scope():
                async for event in self._events:
                    await send({"type": "http.response.body", "body": event, "more_body": True})
                    # Sending to a client that has left does not wait; without this, nobody would notice that it has.
                    await asyncio.sleep(0)
        finally:
            close = getattr(self._events, "aclose", None)  # generators have it, other iterators need none
            if close is not None:
                with CancelScope(shield=True):
                    await close()
        await send({"type": "http.response.body", "body": b"", "more_body": False})
