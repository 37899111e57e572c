"""Event streams read with as little work as can be, since the reader shares its cores with the server it measures."""

import asyncio
import zlib
from urllib.parse import urlsplit

_FRAME, _STEP = b"event: frame", b'"step":'


class EventStream(asyncio.Protocol):
    """One open stream: counts frames and remembers the step of the last. It accepts gzip, as browsers do."""

    def __init__(self, path: str, headers: dict[str, str]) -> None:
        fields = {"Host": "localhost", "Accept-Encoding": "gzip", **headers}
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        self._request = "\r\n".join(lines).encode()
        self._buffer = bytearray()
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._begun = False
        self._transport: asyncio.BaseTransport | None = None
        self._last = 0.0
        self.frames = 0
        self.step = 0
        self.longest_gap = 0.0
        """The longest time between two frames, in seconds."""
        self.received = 0
        """Bytes on the wire."""
        self.error = ""

    @classmethod
    async def open(cls, url: str, path: str, headers: dict[str, str]) -> "EventStream":
        """Connects to the server at `url`."""
        host, _, port = urlsplit(url).netloc.rpartition(":")
        loop = asyncio.get_running_loop()
        _, stream = await loop.create_connection(lambda: cls(path, headers), host, int(port))
        return stream

    def close(self) -> None:
        """Leaves."""
        if self._transport is not None:
            self._transport.close()

    def mark(self) -> None:
        """Counts anew from here."""
        self.frames, self.received, self.longest_gap, self._last = 0, 0, 0.0, self._now()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        self.error = self.error or f"the stream ended: {exc or 'closed by the server'}"

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        self._buffer += data
        if not self._begun and not self._begin():
            return
        while (chunk := self._chunk()) is not None:
            self._see(self._inflate.decompress(chunk))

    def _begin(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self._buffer[:end])
        if head.split(b" ", 2)[1] != b"200":
            self.error = f"the stream was refused: {head.decode(errors='replace')}"
        del self._buffer[: end + 4]
        self._begun = True
        return True

    def _chunk(self) -> bytes | None:
        """The next chunk of the body, once it is whole."""
        start = self._buffer.find(b"\r\n") + 2
        if self.error or start < 2:
            return None
        end = start + int(self._buffer[: start - 2], 16)
        if len(self._buffer) < end + 2:
            return None
        chunk = bytes(self._buffer[start:end])
        del self._buffer[: end + 2]
        return chunk

    def _see(self, text: bytes) -> None:
        """One event: the server sends each in a chunk of its own."""
        if not text.startswith(_FRAME):
            return
        now = self._now()
        self.longest_gap, self._last = max(self.longest_gap, now - (self._last or now)), now
        self.frames += 1
        at = text.find(_STEP) + len(_STEP)
        self.step = int(text[at : at + 12].partition(b",")[0])

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
