"""UMAP in a process of its own, where a stand-in computes it: who asks, waits and stops asking, and how that ends."""

from collections.abc import Iterator, Sequence
from multiprocessing import Pipe
from pathlib import Path
from subprocess import Popen
from time import sleep

import numpy as np
import pytest

from app import processes
from app.errors import ComputationFailed
from app.runs import umap as module
from app.runs.umap import Umap
from tests.stand_ins.umap import FATAL

VALUES = np.arange(12, dtype=np.float32).reshape(4, 3)
PATIENCE_SECONDS = 60


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch, umap_stand_in: None) -> list[Popen[bytes]]:
    """The processes that were begun."""
    begun: list[Popen[bytes]] = []

    def begin(*arguments: str, files: Sequence[int]) -> Popen[bytes]:
        begun.append(processes.begin(*arguments, files=files))
        return begun[-1]

    monkeypatch.setattr(module, "begin", begin)
    return begun


@pytest.fixture
def umap(tmp_path: Path, begun: list[Popen[bytes]]) -> Iterator[Umap]:
    umap = Umap(tmp_path)
    yield umap
    umap.close()
    assert all(process.poll() is not None for process in begun)


def points(umap: Umap, seed: int) -> np.ndarray:
    asked = umap.points(VALUES, seed)
    while True:
        try:
            assert next(asked) is False
        except StopIteration as end:
            return end.value
        sleep(0.01)


def test_one_process_answers_all(umap: Umap, begun: list[Popen[bytes]]) -> None:
    for seed in (1, 5):
        np.testing.assert_array_equal(points(umap, seed), VALUES[:, :2] + seed)
    assert len(begun) == 1


def test_one_question_waits_for_the_other(umap: Umap, begun: list[Popen[bytes]]) -> None:
    first, second = umap.points(VALUES, 1), umap.points(VALUES, 2)
    next(first)
    for _ in range(3):
        next(second)
    first.close()  # nobody wants it any more: the process is busy with what nobody waits for
    assert begun[0].poll() is not None
    next(second)
    assert len(begun) == 2


def test_a_process_that_takes_too_long_is_told_of_and_the_next_question_has_another(umap: Umap) -> None:
    with pytest.raises(ComputationFailed, match="took too long"):
        points(umap, FATAL)
    np.testing.assert_array_equal(points(umap, 3), VALUES[:, :2] + 3)


def test_a_process_that_has_ended_while_nobody_asked_is_begun_again(umap: Umap, begun: list[Popen[bytes]]) -> None:
    points(umap, 1)
    begun[0].terminate()
    begun[0].wait()
    np.testing.assert_array_equal(points(umap, 2), VALUES[:, :2] + 2)


def test_a_process_ends_with_whoever_asks(tmp_path: Path) -> None:
    ours, theirs = Pipe()
    with theirs:
        arguments = str(theirs.fileno()), str(tmp_path)
        process = processes.begin("app.runs.umap_process", *arguments, files=[theirs.fileno()])
    ours.close()
    assert process.wait(PATIENCE_SECONDS) == 0
