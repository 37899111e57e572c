"""Encoded pieces of events: each is encoded, and deflated, once, whatever the number of those who get it.

A gzip stream may consist of any blocks that end on a byte. So a piece is deflated by itself, ended by a sync flush, and
appended to every client's stream; only the checksum at the very end is the client's own.
"""

import json
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LEVEL = 5


@dataclass(frozen=True, eq=False)
class Fragment:
    """Bytes, and the same deflated."""

    text: bytes
    version: int = field(default=0)
    """Grows whenever the piece is made anew."""

    @cached_property
    def deflated(self) -> bytes:
        """Raw deflate blocks that end on a byte and refer to nothing before them."""
        compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        return compressor.compress(self.text) + compressor.flush(zlib.Z_SYNC_FLUSH)


def encode(value: Any) -> bytes:
    """Compact JSON. NaN and infinities must have become None before."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


class PlainEncoding:
    """Joins fragments as they are."""

    def start(self) -> bytes:
        """What a stream begins with."""
        return b""

    def join(self, fragments: list[Fragment]) -> bytes:
        """One event."""
        return b"".join(fragment.text for fragment in fragments)

    def end(self) -> bytes:
        """What a stream ends with."""
        return b""


class GzipEncoding(PlainEncoding):
    """One client's gzip stream of deflated fragments."""

    def __init__(self) -> None:
        self._checksum = 0
        self._length = 0

    def start(self) -> bytes:
        return _GZIP_HEADER

    def join(self, fragments: list[Fragment]) -> bytes:
        for fragment in fragments:
            self._checksum = zlib.crc32(fragment.text, self._checksum)
            self._length += len(fragment.text)
        return b"".join(fragment.deflated for fragment in fragments)

    def end(self) -> bytes:
        last = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS).flush()
        return last + self._checksum.to_bytes(4, "little") + (self._length & 0xFFFFFFFF).to_bytes(4, "little")
