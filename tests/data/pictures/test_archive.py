"""Pictures as bytes: what is stored is read again, and whatever else comes in a file is refused."""

import zlib

import numpy as np
import pytest
from safetensors.numpy import load, save

from app.data.pictures.archive import PictureArchive
from app.errors import MalformedInput
from tests.data.pictures.cases import archive_of

TOLD = b'{"class_names":["a","b"],"skipped":3}'


def test_what_is_written_is_read_again() -> None:
    archive = PictureArchive(("ä", "b"), archive_of(3, 2).pictures, np.array([0, 0, 0, 1, 1]), 7)
    again = PictureArchive.from_bytes(archive.to_bytes())
    assert (again.class_names, again.skipped, again.counts) == (("ä", "b"), 7, (3, 2))
    np.testing.assert_array_equal(again.pictures, archive.pictures)
    np.testing.assert_array_equal(again.labels, archive.labels)
    assert again.digest() == archive.digest()


def test_the_digest_is_that_of_the_content() -> None:
    first, same, other = archive_of(3, 2), archive_of(3, 2), archive_of(2, 3)
    assert first.digest() == same.digest() != other.digest()
    assert len(first.digest()) == 32


def _spoilt(**tensors: np.ndarray) -> bytes:
    sound = load(zlib.decompress(archive_of(3, 2).to_bytes()))
    given = {"told": np.frombuffer(TOLD, np.uint8)} | tensors
    return zlib.compress(save({**sound, **given}))


def test_what_the_spoilt_ones_are_made_of_is_sound() -> None:
    assert PictureArchive.from_bytes(_spoilt()).skipped == 3


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        zlib.compress(b"nonsense"),
        archive_of(3, 2).to_bytes()[:-10],
        zlib.compress(save({"pictures": np.zeros(3)})),
        _spoilt(pictures=np.zeros((5, 3, 48, 48), np.float32)),
        _spoilt(pictures=np.zeros((5, 3, 40, 40), np.uint8)),
        _spoilt(pictures=np.array(0, np.uint8)),
        _spoilt(pictures=np.zeros((6, 3, 48, 48), np.uint8)),
        _spoilt(labels=np.array([0, 0, 0, 0, 0])),
        _spoilt(labels=np.array([0, 0, 1, 1, 2])),
        _spoilt(labels=np.array([1, 0, 0, 0, 0])),
        _spoilt(labels=np.array([-1, 0, 0, 0, 1])),
        _spoilt(told=np.frombuffer(b"{}", np.uint8)),
        _spoilt(told=np.frombuffer(b"[1]", np.uint8)),
        _spoilt(told=np.frombuffer(b'{"class_names":[1,2],"skipped":0}', np.uint8)),
        _spoilt(told=np.frombuffer(b'{"class_names":["a","b"],"skipped":"x"}', np.uint8)),
        _spoilt(told=np.frombuffer(b'{"class_names":5,"skipped":0}', np.uint8)),
    ],
    ids=range(18),
)
def test_whatever_else_is_refused(content: bytes) -> None:
    with pytest.raises(MalformedInput, match="no stored pictures"):
        PictureArchive.from_bytes(content)


def test_what_is_far_too_long_when_it_is_unpacked_is_refused() -> None:
    with pytest.raises(MalformedInput, match="no stored pictures"):
        PictureArchive.from_bytes(zlib.compress(bytes(200_000_000), 1))
