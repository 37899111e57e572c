"""Turns of several runs are taken at once, each run by one thread, and none knows of the others."""

from collections.abc import Iterator
from threading import Barrier
from typing import cast

import numpy as np
import pytest

from app.engine.trainer import Report
from app.runs.crew import Crew
from app.runs.rhythm import SLOWEST_FRAME_SECONDS, Rhythm
from app.runs.run import Run
from app.runs.turns import Turn
from tests.runs.driver import Driver

CROWD = Rhythm(interval=SLOWEST_FRAME_SECONDS)
TOGETHER_SECONDS = 10.0


class Standing:
    """A run in the eyes of the crew: no goal, no speed, and a million steps a second."""

    paced = False
    program = trainer = None

    def __init__(self) -> None:
        self.allowance = self

    def late(self, _: float) -> float:
        return 0.0

    def steps_to_goal(self) -> None:
        return None

    def take(self, _: int) -> None:
        """It has no allowance."""

    def of(self, program: None, trainer: None) -> "Standing":
        return self

    def fitting(self, seconds: float) -> int:
        return round(seconds * 1e6)

    def note(self, _: int, elapsed: float) -> float:
        return elapsed


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> Iterator[Crew]:
    """One for four cores."""
    monkeypatch.setattr("app.runs.crew.Rates", Standing)
    made = Crew(4)
    yield made
    made.stop()


def turn(seconds: float = 0.001) -> Turn:
    return cast("Run", Standing()), seconds


def test_turns_are_taken_at_once(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Barrier(4, timeout=TOGETHER_SECONDS)

    def trained(run: Run, steps: int) -> Report:
        meeting.wait()  # fails where the others do not come
        return Report(steps, 0, None, stopped=False)

    monkeypatch.setattr("app.runs.crew.train", trained)
    turns = [turn(seconds) for seconds in (0.001, 0.002, 0.003, 0.004)]
    slices = crew.train(turns, 0.02)
    assert [taken.run for taken in slices] == [run for run, _ in turns]
    assert [taken.settle()[0].taken for taken in slices] == [1_000, 2_000, 3_000, 4_000]


def test_one_that_fails_fails_alone_and_when_it_is_settled(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = turn(), turn()

    def trained(run: Run, steps: int) -> Report:
        if run is bad[0]:
            raise ArithmeticError
        return Report(steps, 0, None, stopped=False)

    monkeypatch.setattr("app.runs.crew.train", trained)
    for turns in ([bad], [good, bad]):
        *others, failed = crew.train(turns, 0.02)
        assert [taken.settle()[0].taken for taken in others] == [1_000] * len(others)
        with pytest.raises(ArithmeticError):
            failed.settle()


def test_a_crowd_leaves_one_core_to_those_who_show_it(crew: Crew) -> None:
    assert crew.hands(Rhythm()) == 4
    assert crew.hands(CROWD) == 3
    assert Crew(1).hands(CROWD) == Crew(1).hands(Rhythm()) == 1


def test_every_turn_is_in_one_group_in_its_order(crew: Crew) -> None:
    turns = [turn() for _ in range(19)]
    for cores, hands, size in ((4, 4, 8), (4, 3, 3), (1, 1, 1)):
        groups = list(Crew(cores).groups(turns, hands))
        assert [member for group in groups for member in group] == turns
        assert {len(group) for group in groups[:-1]} == {size}


def test_runs_that_train_together_become_what_each_becomes_alone(driver: Driver) -> None:
    together = [driver.compiled({"seed": seed}).id for seed in range(5)]
    for run in together:
        driver.tell(run, "play", until={"epoch": 200})
    for seed, run in enumerate(together):
        driver.until(run, lambda document: document.epoch == 200)
        alone = driver.compiled({"seed": seed}).id
        driver.play_until(alone, epoch=200)
        mine, its = (driver.service.parameters(one).result() for one in (run, alone))
        assert all(np.array_equal(mine[name], its[name]) for name in its)
