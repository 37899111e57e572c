"""What people upload: good archives, and bad ones that are refused within bounds of time and memory."""

import base64
import resource
import struct
import time
import zipfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from app.data.pictures import uploads
from app.data.pictures.uploads import from_files, from_snapshots, from_zip
from app.errors import InvalidInput, MalformedInput, TooLarge
from tests.data.pictures.files import BLUE, RED, folders, large_png, picture, zeros, zipped

GOOD = zipped(folders())


@contextmanager
def bounded(seconds: float = 2.0, megabytes: float = 150) -> Generator[None]:
    """Holds what is done within to so much time of the processor and so much memory more than was ever taken."""
    began, taken = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert time.process_time() - began < seconds
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - taken < megabytes * 1_000


def test_folders_are_classes() -> None:
    archive = from_zip(zipped(folders(red=3, blue=2)))
    assert (archive.class_names, archive.counts, archive.skipped) == (("blue", "red"), (2, 3), 0)
    assert archive.pictures.shape == (5, 3, 48, 48)
    assert archive.labels.tolist() == [0, 0, 1, 1, 1]
    assert archive.pictures[:, :, 24, 24].tolist() == [[*BLUE]] * 2 + [[*RED]] * 3


@pytest.mark.parametrize("prefix", ["all/", "/", "/all/", "./", "all\\"])
def test_folders_may_lie_in_one_another(prefix: str) -> None:
    archive = from_zip(zipped({f"{prefix}{name}": content for name, content in folders().items()}))
    assert (archive.class_names, archive.counts, archive.skipped) == (("blue", "red"), (3, 3), 0)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_may_be_packed_or_not(method: int) -> None:
    assert from_zip(zipped(folders(), method)).counts == (3, 3)


def test_files_that_are_no_pictures_are_left_out_and_counted() -> None:
    more = {
        "red/notes.txt": b"mine",
        "readme.md": b"x",
        "loose.png": picture(),
        "a/b/c/deep.png": picture(),
        "red/more.zip": GOOD,
    }
    archive = from_zip(zipped(folders() | more))
    assert (archive.class_names, archive.counts, archive.skipped) == (("blue", "red"), (3, 3), 5)


def test_what_a_system_hides_is_passed_over() -> None:
    hidden = {"__MACOSX/red/._0.png": b"x", "red/.DS_Store": b"x", ".git/red/0.png": b"x", "red/": b""}
    archive = from_zip(zipped(folders() | hidden))
    assert (archive.class_names, archive.counts, archive.skipped) == (("blue", "red"), (3, 3), 0)


def test_a_few_pictures_that_cannot_be_read_are_left_out_and_counted() -> None:
    archive = from_zip(zipped(folders(red=30, blue=30) | {"blue/a.png": b"x", "red/b.jpg": picture()[:40]}))
    assert (archive.counts, archive.skipped) == ((30, 30), 2)


def test_more_of_them_are_an_error_that_names_them() -> None:
    bad = {f"blue/bad-{index}.png": b"x" for index in range(30)}
    with pytest.raises(InvalidInput, match=r"blue/bad-0\.png: is no picture that can be read") as raised:
        from_zip(zipped(folders(red=30, blue=30) | bad))
    assert [error.path for error in raised.value.errors] == [f"blue/bad-{index}.png" for index in range(20)]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "There are no pictures: put those of each class into a folder of its own"),
        ({"1.png": picture(), "2.png": picture()}, "There are no pictures: put those of each class into a folder"),
        ({"red/a.txt": b"x"}, "There are no pictures"),
        (folders(red=5, blue=0), "All pictures are of one class, 'red'"),
        (folders(red=1, blue=2), "There are 3 pictures, but at least 4 are needed"),
        (
            {f"{index}/0.png": picture() for index in range(21)},
            "There are 21 classes, but at most 20 can be told apart",
        ),
        (folders() | {f"{'x' * 61}/0.png": picture()}, "cannot be a class: names have 1 to 60 characters"),
        (folders() | {"a\x07b/0.png": picture()}, "cannot be a class"),
        (folders() | {"../../etc/0.png": picture(), "blue/x.png": b""}, r"blue/x\.png: is no picture"),
    ],
)
def test_what_makes_no_dataset_is_refused_in_words(files: dict[str, bytes], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        from_zip(zipped(files))


def _encrypted() -> bytes:
    """The same zip, every entry of which says that it is encrypted."""
    content = bytearray(GOOD)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 1)
    return bytes(content)


def test_an_encrypted_zip_is_refused() -> None:
    with pytest.raises(InvalidInput, match="The zip is encrypted"):
        from_zip(_encrypted())


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"no zip at all", picture(), GOOD[:-30], GOOD[:200], b"PK\x05\x06" + bytes(9)]
)
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    with pytest.raises(MalformedInput, match="This zip cannot be read"):
        from_zip(content)


def test_a_damaged_entry_is_named() -> None:
    broken = bytearray(zipped(folders(), zipfile.ZIP_STORED))
    broken[broken.index(b"IDAT") + 6] ^= 255
    with pytest.raises(InvalidInput, match=r"red/0\.png: is damaged"):
        from_zip(bytes(broken))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_cannot_be_undone_in_bounds_are_refused(method: int) -> None:
    with pytest.raises(InvalidInput, match=r"blue/0\.png: is packed in a way that is not understood"):
        from_zip(zipped(folders(), method))


@pytest.mark.e2e  # packing them takes seconds
def test_a_billion_zeros_are_not_unpacked() -> None:
    content = zeros(1_000_000_000)
    with bounded(), pytest.raises(InvalidInput, match=r"blue/zeros\.png: has more than 10,000,000 bytes"):
        from_zip(content)


def test_a_header_that_lies_about_the_size_is_found_out() -> None:
    content = bytearray(zeros(50_000_000))
    entry = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, entry + 24, 1_000)
    with bounded(), pytest.raises(InvalidInput, match=r"blue/zeros\.png: is damaged"):
        from_zip(bytes(content))


def test_many_large_entries_are_given_up_when_they_are_too_much() -> None:
    nothing = bytes(9_000_000)
    content = zipped(folders(300, 300) | {f"blue/zeros-{index}.png": nothing for index in range(30)})
    with bounded(), pytest.raises(TooLarge, match="more than 200,000,000 bytes when they are unpacked"):
        from_zip(content)


def test_a_picture_of_a_billion_pixels_is_not_decoded() -> None:
    content = zipped(folders() | {"blue/large.png": large_png(30_000)})
    with bounded(), pytest.raises(InvalidInput, match=r"blue/large\.png: has more than 16,000,000 pixels"):
        from_zip(content)


def test_many_large_pictures_are_given_up_when_they_are_too_much() -> None:
    large = large_png(4_000)
    content = zipped({f"{index % 2}/{index}.png": large for index in range(1_000)})
    with bounded(seconds=10), pytest.raises(TooLarge, match="more than 200,000,000 pixels in all: make them smaller"):
        from_zip(content)


def test_too_many_pictures_are_refused_before_one_is_read() -> None:
    content = zipped({f"{index % 2}/{index}.png": b"" for index in range(10_000)})
    with bounded(), pytest.raises(InvalidInput, match="There are 10,000 pictures, but at most 5,000 are taken"):
        from_zip(content)


def test_very_many_entries_of_any_kind_are_refused_before_they_are_listed() -> None:
    content = GOOD + b"PK\x01\x02" * 1_000_000
    with bounded(seconds=0.2), pytest.raises(TooLarge, match="more than 20,000 files"):
        from_zip(content)


def test_a_zip_in_a_zip_is_not_followed() -> None:
    with pytest.raises(InvalidInput, match="There are no pictures"):
        from_zip(zipped({"all.zip": GOOD, "red/all.zip": GOOD}))
    with pytest.raises(InvalidInput, match=r"red/zip\.png: is no picture"):
        from_zip(zipped(folders() | {"red/zip.png": GOOD}))


def test_nothing_is_written(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path_factory.mktemp("here")
    monkeypatch.chdir(folder)
    outside = {"../red/out.png": picture(), "/red/abs.png": picture(), "red/../../up.png": picture()}
    assert from_zip(zipped(folders() | outside)).counts == (3, 4)
    assert not list(folder.rglob("*"))
    assert not list(folder.parent.glob("*.png"))


@pytest.mark.e2e
def test_as_many_pictures_as_may_be_take_some_seconds() -> None:
    image = picture(Image.effect_noise((64, 64), 50).convert("RGB"), format="JPEG")
    content = zipped({f"{index % 20}/{index}.jpg": image for index in range(5_000)}, zipfile.ZIP_STORED)
    with bounded(seconds=20, megabytes=300):
        assert from_zip(content).counts == (250,) * 20


def test_files_carry_their_class_in_their_names() -> None:
    archive = from_files([*folders(red=2).items(), ("red/.hidden", b"x"), ("notes.txt", b"x")])
    assert (archive.class_names, archive.counts, archive.skipped) == (("blue", "red"), (3, 2), 1)


def test_snapshots_are_base64_or_data_urls() -> None:
    red, blue = (base64.b64encode(picture(colour)).decode() for colour in (RED, BLUE))
    archive = from_snapshots([("stop", red), ("go", f"data:image/png;base64,{blue}"), (" go ", blue), ("stop", red)])
    assert (archive.class_names, archive.counts) == (("go", "stop"), (2, 2))
    assert archive.pictures[:, :, 24, 24].tolist() == [[*BLUE]] * 2 + [[*RED]] * 2


@pytest.mark.parametrize(
    ("data", "told"), [("%%%", "is not base64"), ("ä", "is not base64"), ("", "no picture"), ("AAAA", "no picture")]
)
def test_a_bad_snapshot_is_told_by_its_index(data: str, told: str) -> None:
    good = base64.b64encode(picture()).decode()
    with pytest.raises(InvalidInput, match=rf"pictures\.1: is {told.removeprefix('is ')}") as raised:
        from_snapshots([("a", good), ("b", data), ("a", good), ("b", good)])
    assert [error.path for error in raised.value.errors] == ["pictures.1"]


def test_any_bytes_are_a_dataset_or_an_error_for_people() -> None:
    rng = np.random.default_rng(0)
    for content in (GOOD, zipped(folders(), zipfile.ZIP_STORED)):
        for _ in range(300):
            spoilt = np.frombuffer(content, np.uint8).copy()
            spoilt[rng.integers(0, spoilt.size, rng.integers(1, 20))] = rng.integers(0, 256)
            with suppress(InvalidInput, TooLarge):
                archive = from_zip(spoilt[: rng.integers(spoilt.size // 2, 2 * spoilt.size)].tobytes())
                assert sum(archive.counts) >= uploads.LEAST_PICTURES


def test_directories_of_a_zip_are_no_files() -> None:
    content = BytesIO(GOOD)
    with zipfile.ZipFile(content, "a") as file:
        file.mkdir("green.png")
    assert from_zip(content.getvalue()).skipped == 0
