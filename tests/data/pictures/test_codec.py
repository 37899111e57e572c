"""One picture: what is seen of it, and what is refused before it is decoded."""

import time
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from app.data.pictures.codec import decode, encode_png
from app.errors import MalformedInput
from tests.data.pictures.files import BLUE, GREEN, RED, large_png, picture

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")


def _middle(content: bytes) -> list[int]:
    return decode(content)[0][:, 24, 24].tolist()


@pytest.mark.parametrize("format_", FORMATS)
def test_each_format_is_read(format_: str) -> None:
    square, pixels = decode(picture(RED, (40, 30), format_))
    assert (square.shape, square.dtype, pixels) == ((3, 48, 48), np.uint8, 1_200)
    np.testing.assert_allclose(square.astype(int).mean(axis=(1, 2)), RED, atol=3)


def test_what_is_not_square_is_cut_to_its_middle() -> None:
    wide = Image.new("RGB", (90, 30), RED)
    wide.paste(GREEN, (30, 0, 60, 30))
    for image in (wide, wide.rotate(90, expand=True)):
        np.testing.assert_array_equal(
            decode(picture(image))[0], np.broadcast_to(np.reshape(GREEN, (3, 1, 1)), (3, 48, 48))
        )


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
def test_a_photograph_stands_as_its_camera_was_held(format_: str) -> None:
    upright = Image.new("RGB", (64, 64), BLUE)
    upright.paste(RED, (0, 0, 64, 16))
    turned = Image.Exif()
    turned[0x112] = 6  # to be turned by 90° clockwise
    square = decode(picture(upright.rotate(90), format=format_, exif=turned))[0].astype(int)
    np.testing.assert_allclose(square[:, 4, 24], RED, atol=10)
    np.testing.assert_allclose(square[:, 40, 24], BLUE, atol=10)


@pytest.mark.parametrize("format_", ["PNG", "GIF", "WEBP"])
def test_what_is_transparent_is_white(format_: str) -> None:
    np.testing.assert_allclose(_middle(picture((255, 0, 0, 0), format=format_)), 255, atol=1)


def test_what_is_half_transparent_is_half_white() -> None:
    np.testing.assert_allclose(_middle(picture((255, 0, 0, 128))), [255, 127, 127], atol=1)


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG"])
def test_of_several_frames_it_is_the_first(format_: str) -> None:
    image = Image.new("RGB", (20, 20), RED)
    content = picture(image, format=format_, save_all=True, append_images=[Image.new("RGB", (20, 20), BLUE)])
    np.testing.assert_allclose(_middle(content), RED, atol=3)


@pytest.mark.parametrize(
    ("mode", "value", "seen"),
    [
        ("1", 1, 255),
        ("L", 100, 100),
        ("LA", (100, 255), 100),
        ("I;16", 100 * 256 + 99, 100),
        ("P", 0, 0),
    ],
)
def test_every_way_to_say_grey_is_understood(mode: str, value: int | tuple[int, ...], seen: int) -> None:
    assert _middle(picture(Image.new(mode, (20, 20), value))) == [seen] * 3


def test_inks_of_a_printer_are_understood() -> None:
    content = picture(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), format="JPEG")
    np.testing.assert_allclose(_middle(content), RED, atol=3)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        b"\x89PNG\r\n\x1a\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture(format="TIFF"),
        *(picture(size=(64, 64), format=format_)[:-30] for format_ in ("JPEG", "GIF", "BMP", "WEBP")),
        picture(Image.effect_noise((64, 64), 50))[:-200],
    ],
    ids=repr,
)
def test_what_is_damaged_or_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(MalformedInput, match="is no picture that can be read, or is damaged"):
        decode(content)


@pytest.mark.parametrize("side", [4_001, 5_000, 30_000])
def test_too_many_pixels_are_refused_before_they_are_decoded(side: int) -> None:
    content = large_png(side)
    began = time.process_time()
    with pytest.raises(MalformedInput, match="has more than 16,000,000 pixels"):
        decode(content)
    assert time.process_time() - began < 0.1


def test_a_picture_of_as_many_pixels_as_may_be_is_read() -> None:
    assert _middle(large_png(4_000)) == [0, 0, 0]


def test_a_jpeg_of_very_many_scans_is_refused() -> None:
    file = BytesIO()
    Image.new("RGB", (64, 64), RED).save(file, "JPEG", progressive=True)
    content = file.getvalue()
    start = content.index(b"\xff\xda")
    scan = content[start : content.index(b"\xff\xc4", start)]
    with pytest.raises(MalformedInput, match="has more than 100 scans"):
        decode(content[:start] + scan * 200 + content[start:])


def test_what_is_written_is_read_again() -> None:
    square = np.random.default_rng(0).integers(0, 256, (3, 48, 48), dtype=np.uint8)
    np.testing.assert_array_equal(decode(encode_png(square))[0], square)
