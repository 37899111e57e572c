"""Picture files and zips, good and bad, made for tests."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from PIL import Image

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def picture(
    colour: Image.Image | tuple[int, ...] = RED,
    size: tuple[int, int] = (20, 20),
    format: str = "PNG",
    **options: object,
) -> bytes:
    """A picture of one colour, which has four numbers where it is transparent, or an image."""
    image = (
        colour if isinstance(colour, Image.Image) else Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour)
    )
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def folders(red: int = 3, blue: int = 3) -> dict[str, bytes]:
    """Red and blue pictures in a folder each."""
    reds = {f"red/{index}.png": picture(RED) for index in range(red)}
    return reds | {f"blue/{index}.png": picture(BLUE) for index in range(blue)}


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", method, compresslevel=1) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return content.getvalue()


def zeros(size: int) -> bytes:
    """A zip of red and blue pictures, and a file that is called a picture and has `size` zeros."""
    content = BytesIO(zipped(folders()))
    with (
        zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as file,
        file.open("blue/zeros.png", "w") as entry,
    ):
        for _ in range(0, size, 1_000_000):
            entry.write(bytes(1_000_000))
    return content.getvalue()


def large_png(side: int) -> bytes:
    """A black picture of `side` × `side` pixels, one bit each, which are made a line at a time."""
    packed = zlib.compressobj(1)
    line = bytes(1 + (side + 7) // 8)
    data = b"".join(packed.compress(line) for _ in range(side)) + packed.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
