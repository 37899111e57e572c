"""Who trains next, and for how long: time is shared by visitor, then by run, and what watches comes first."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from app.engine.program import Program
from app.engine.setup import build_setup
from app.families.registry import family_of
from app.runs.allowance import Claim
from app.runs.channel import Listener
from app.runs.rates import Rate, Rates
from app.runs.run import Run
from app.runs.turns import SLICE_SECONDS, deal
from app.schemas.experiment import PlaneExperiment
from app.storage.datasets import DatasetStore
from app.storage.store import Store

ROUND = 0.1
OVERHEAD = 0.0002
RunOf = Callable[..., Run]


@pytest.fixture(scope="module")
def run_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunOf]:
    """A run of a visitor, watched or not; its program is never compiled."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('data') / Path('turns.db')}")
    experiment = PlaneExperiment()
    setup = build_setup(experiment, DatasetStore(store))
    program = Program(family_of(experiment.family), setup)

    def make(visitor: str, *, watched: bool = True) -> Run:
        run = Run.create(experiment, setup, program, speed=None, attended=False, visitor=visitor)
        if watched:
            run.channel.add(Listener(frozenset(), loop))
        return run

    loop = asyncio.new_event_loop()
    yield make
    loop.close()


def train(runs: Sequence[Run], rounds: int, step_seconds: Callable[[Run], float] = lambda _: 3e-6) -> dict[str, float]:
    """Lets them take turns. Returns the time that each run had, by its id."""
    had, rates = dict.fromkeys((run.id for run in runs), 0.0), dict[str, Rate]()
    for _ in range(rounds):
        for run, seconds in deal(runs, ROUND):
            assert seconds <= SLICE_SECONDS
            rate = rates.setdefault(run.id, Rate())
            steps = rate.fitting(seconds)
            elapsed = OVERHEAD + steps * step_seconds(run)
            run.claim.charge(rate.note(steps, elapsed), watched=bool(run.channel.listeners))
            had[run.id] += elapsed
    return had


def test_visitor_with_eight_runs_gets_no_more_than_one_with_one(run_of: RunOf) -> None:
    many, one, other = [run_of("many") for _ in range(8)], run_of("one"), run_of("other")
    had = train([*many, one, other], 300)
    of_many = sum(had[run.id] for run in many)
    assert of_many == pytest.approx(had[one.id], rel=0.1)
    assert had[other.id] == pytest.approx(had[one.id], rel=0.1)
    assert min(had[run.id] for run in many) == pytest.approx(of_many / 8, rel=0.2)


def test_crowd_shares_evenly_and_everybody_has_a_turn_in_each_round(run_of: RunOf) -> None:
    runs = [run_of(f"visitor {index}") for index in range(100)]
    train(runs, 20)
    assert {run.id for run, _ in deal(runs, ROUND)} == {run.id for run in runs}
    had = train(runs, 200)
    assert max(had.values()) == pytest.approx(min(had.values()), rel=0.05)


@pytest.mark.parametrize("visitors", [1, 2])
def test_run_that_nobody_watches_yields_but_never_starves(run_of: RunOf, visitors: int) -> None:
    watched, unwatched = run_of("0"), run_of(str(visitors - 1), watched=False)
    had = train([watched, unwatched], 300)
    assert 3 * had[unwatched.id] < had[watched.id] < 6 * had[unwatched.id]


def test_runs_that_nobody_watches_have_all_the_time_when_they_are_alone(run_of: RunOf) -> None:
    runs = [run_of("a", watched=False), run_of("b", watched=False)]
    had = train(runs, 100)
    assert sum(had.values()) == pytest.approx(100 * 2 * SLICE_SECONDS, rel=0.2)


def test_network_whose_single_step_is_longer_than_a_turn_gets_no_more_time(run_of: RunOf) -> None:
    slow, quick = run_of("slow"), run_of("quick")
    had = train([slow, quick], 1_000, lambda run: 0.02 if run is slow else 3e-6)
    assert had[slow.id] == pytest.approx(had[quick.id], rel=0.15)


def test_interruption_by_others_is_not_paid_for() -> None:
    rate = Rate()
    for _ in range(10):
        rate.note(1_000, 0.003)
    assert rate.note(1_000, 0.5) < 0.004


def test_turn_before_anything_is_known_costs_no_more_than_a_call() -> None:
    assert Rate().note(1, 0.5) < 0.001


def test_runs_of_one_network_share_what_is_known_of_it(run_of: RunOf) -> None:
    rates, one, other = Rates(), run_of("one"), run_of("other")
    for _ in range(10):
        rates.of(one.program, one.trainer).note(1_000, 0.003)
    assert rates.of(other.program, other.trainer).fitting(0.003) > 500


def test_short_turns_that_are_interrupted_do_not_become_ever_shorter() -> None:
    """A turn of half a millisecond beside a busy thread: only now and then one goes through at once."""
    rate = Rate()
    for turn in range(2_000):
        steps = rate.fitting(0.0006)
        rate.note(steps, OVERHEAD + 3e-6 * steps + (0 if turn % 20 == 0 else 0.0006))
    assert 80 < rate.fitting(0.0006) < 400


def test_time_without_watchers_is_counted_until_somebody_watches() -> None:
    claim = Claim(credit=0.006)
    for _ in range(3):
        claim.charge(0.002, watched=False)
    assert claim.unwatched == pytest.approx(0.006)
    claim.charge(0.002, watched=True)
    assert claim.unwatched == 0
