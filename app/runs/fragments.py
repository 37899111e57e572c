"""Encoded pieces of events: each is encoded, and deflated, once, whatever the number of those who get it.

A gzip stream may consist of any blocks that end on a byte. So a piece is deflated by itself, ended by a sync flush, and
appended to every client's stream; only the checksum at the very end is the client's own.
"""

import zlib
from dataclasses import dataclass, field
from functools import cached_property

from pydantic_core import to_json

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LEVEL = 3
_STORED_BYTES = 200
"""Pieces up to this length are not worth a compressor; most of them (ids) are one client's own."""


@dataclass(frozen=True, eq=False)
class Fragment:
    """Bytes, and the same deflated."""

    text: bytes
    version: int = field(default=0)
    """Grows whenever the piece is made anew."""

    @cached_property
    def deflated(self) -> bytes:
        """Raw deflate blocks that end on a byte and refer to nothing before them."""
        length = len(self.text)
        if length <= _STORED_BYTES:
            # A stored block: its length, and the complement of it (RFC 1951, section 3.2.4).
            return b"\0" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little") + self.text
        compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        return compressor.compress(self.text) + compressor.flush(zlib.Z_SYNC_FLUSH)


def encode(value: object) -> bytes:
    """Compact JSON, with null for what is not finite."""
    return to_json(value, inf_nan_mode="null")


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
