"""The thread for long work: what has to wait, or fails, is in nobody's way."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.errors import PlaygroundError
from app.runs.background import Background, Work
from app.runs.limits import Limits
from app.runs.scheduler import Scheduler
from app.settings import Settings
from tests.runs.driver import PATIENCE_SECONDS, VISITOR


class Steps(Work):
    """So many steps, each of which does something first."""

    title = "counting"

    def __init__(self, count: int, first: Callable[[], bool] = lambda: True) -> None:
        self.visitor = VISITOR
        self.left = count
        self.asked = 0
        self.problems: list[str] = []
        self._first = first

    @property
    def over(self) -> bool:
        return not self.left

    def go_on(self) -> bool:
        self.asked += 1
        going = self._first()
        self.left -= going
        return going

    def fail(self, problem: PlaygroundError) -> None:
        self.problems.append(problem.detail)
        self.left = 0

    def spent(self, words: str) -> None:
        self.problems.append(words)


def submit(job: Callable[[], Any]) -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_result(job())
    return future


@pytest.fixture
def limits() -> Limits:
    return Limits(Settings(compute_seconds=1e-3, compute_refill=1e-6))


@pytest.fixture
def scheduler() -> SimpleNamespace:
    return SimpleNamespace(submit=submit, busy=False)


@pytest.fixture
def background(scheduler: SimpleNamespace, limits: Limits) -> Iterator[Background]:
    background = Background(cast(Scheduler, scheduler), limits)
    background.start()
    yield background
    background.stop()


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_what_has_to_wait_holds_nobody_up_and_goes_on_when_it_can(background: Background) -> None:
    gates: list[bool] = []
    waiting = [Steps(1, lambda: bool(gates)) for _ in range(40)]
    working = Steps(5, lambda: time.sleep(0.02) or True)
    for work in (*waiting, working):
        background.add(work)
    began = time.monotonic()
    wait_for(lambda: working.over)
    assert time.monotonic() - began < 2.0, "each of its five turns does not wait for forty others"
    assert not any(work.over for work in waiting)
    gates.append(True)
    wait_for(lambda: all(work.over for work in waiting))


def test_asking_again_is_rare_and_costs_nothing(background: Background, limits: Limits) -> None:
    waiting = Steps(1, lambda: time.sleep(0.01) or False)
    began = time.monotonic()
    background.add(waiting)
    wait_for(lambda: waiting.asked > 5)
    assert waiting.asked <= 1 + (time.monotonic() - began) / 0.05
    assert not limits.has_spent(VISITOR)


def test_who_works_pays_and_is_told_when_all_is_spent(background: Background, limits: Limits) -> None:
    work = Steps(1_000_000, lambda: time.sleep(0.001) or True)
    background.add(work)
    wait_for(lambda: work.problems)
    assert "used up" in work.problems[0]
    assert limits.has_spent(VISITOR)
    work.left = 0


@pytest.mark.parametrize("busy", [True, False])
def test_it_rests_as_long_as_it_works_while_runs_train(
    background: Background, scheduler: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, *, busy: bool
) -> None:
    rests: list[float] = []
    monkeypatch.setattr("app.runs.background.sleep", rests.append)
    scheduler.busy = busy
    work = Steps(5, lambda: time.sleep(0.01) or True)
    background.add(work)
    wait_for(lambda: work.over)
    wait_for(lambda: len(rests) == 5 * busy)
    assert min(rests, default=0.01) >= 0.01


def test_what_fails_is_told_so_and_others_go_on(background: Background) -> None:
    def broken() -> bool:
        raise RuntimeError("no")

    bad, good = Steps(5, broken), Steps(5)
    background.add(bad)
    background.add(good)
    wait_for(lambda: good.over)
    assert bad.problems == ["The server failed while counting: RuntimeError."]


def test_what_the_end_of_the_server_interrupts_has_not_failed(limits: Limits) -> None:
    def ending() -> bool:
        background._stopping = True  # pyright: ignore[reportPrivateUsage]
        raise RuntimeError("the scheduler has ended")

    background = Background(cast(Scheduler, SimpleNamespace(submit=submit)), limits)
    work = Steps(5, ending)
    background.start()
    background.add(work)
    wait_for(lambda: work.asked)
    background.stop()
    assert not work.problems
