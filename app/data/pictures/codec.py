"""One picture file: read within bounds as a small square, and such a square written as PNG.

Files come from anybody, so what they claim is checked before anything is decoded: their size in pixels, and how many
scans a progressive JPEG has.
"""

import struct
import zlib
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from app.errors import MalformedInput
from app.schemas.picture_data import MAX_SIDE

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")
MOST_PIXELS = 16_000_000

_MOST_SCANS = 100
_START_OF_SCAN = b"\xff\xda"
# All that Pillow raises where a file is not what it says; warnings where somebody has made errors of them.
_UNREADABLE = (
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    struct.error,
    zlib.error,
)

# Pillow refuses twice as many by itself: a WebP takes memory before its size can be asked for.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def decode(content: bytes) -> tuple[NDArray[np.uint8], int]:
    """The middle of a picture (3, MAX_SIDE, MAX_SIDE) in red, green and blue, and how many pixels the file has.

    Of several frames it is the first, what is transparent is white, and a photograph stands as its camera was held.
    Raises MalformedInput, in words that follow on the file's name, where it cannot be read or is too large.
    """
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            pixels = image.width * image.height
            if pixels > MOST_PIXELS:
                raise MalformedInput(_TOO_LARGE)
            if image.format == "JPEG" and content.count(_START_OF_SCAN) > _MOST_SCANS:
                raise MalformedInput(f"has more than {_MOST_SCANS} scans")
            return _values(_square(image)), pixels
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise MalformedInput(_TOO_LARGE) from None
    except _UNREADABLE:
        raise MalformedInput("is no picture that can be read, or is damaged") from None


def encode_png(picture: NDArray[np.uint8]) -> bytes:
    """A picture (3, height, width) as a PNG file."""
    file = BytesIO()
    Image.fromarray(np.ascontiguousarray(picture.transpose(1, 2, 0))).save(file, "PNG")
    return file.getvalue()


_TOO_LARGE = f"has more than {MOST_PIXELS:,} pixels"


def _square(image: Image.Image) -> Image.Image:
    """The middle of an image at MAX_SIDE × MAX_SIDE pixels."""
    # A JPEG can be decoded at an eighth of its size right away.
    image.draft(image.mode, (2 * MAX_SIDE, 2 * MAX_SIDE))
    image.load()
    left, top = (max(0, length - min(image.size)) // 2 for length in image.size)
    square = image.crop((left, top, left + min(image.size), top + min(image.size)))
    if square.mode.startswith("I"):  # 16 bits of grey
        square = square.point(lambda value: value * (1 / 256)).convert("L")
    square = square.convert("RGBA" if square.has_transparency_data else "RGB")
    small = square.resize((MAX_SIDE, MAX_SIDE), Image.Resampling.BICUBIC, reducing_gap=2)
    return ImageOps.exif_transpose(small)


def _values(square: Image.Image) -> NDArray[np.uint8]:
    """Red, green and blue (3, side, side), where it is transparent on white."""
    if square.mode == "RGBA":
        square = Image.alpha_composite(Image.new("RGBA", square.size, "white"), square).convert("RGB")
    return np.ascontiguousarray(np.asarray(square, dtype=np.uint8).transpose(2, 0, 1))
