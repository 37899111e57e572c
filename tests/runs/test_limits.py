"""What a service does when it is full: runs queue, make room, pause unwatched, or are refused."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from app.errors import ComputationFailed, InvalidInput, LimitReached
from app.schemas.experiment import PlaneExperiment
from app.schemas.patch import apply_patch
from tests.runs.conftest import ServiceOf
from tests.runs.driver import PATIENCE_SECONDS, VISITOR, Driver
from tests.runs.watching import POINTS, frames, told_of, watch

UNWATCHED_SECONDS = 0.3
"""Of compute time."""


@pytest.fixture(scope="module")
def small(service_of: ServiceOf) -> Iterator[Driver]:
    limits = {"max_running": 1, "max_runs": 3, "max_streams": 2, "max_runs_per_stream": 2}
    with service_of(unwatched_compute_seconds=UNWATCHED_SECONDS, **limits) as driver:
        yield driver


@pytest.fixture
def driver(small: Driver) -> Iterator[Driver]:
    yield small
    small.delete_all()


def test_run_beyond_the_limit_waits_and_moves_up(driver: Driver) -> None:
    first, second, third = (driver.compiled().id for _ in range(3))
    for run in (first, second, third):
        driver.tell(run, "play")
    assert driver.look(first).status == "running"
    assert driver.look(second).message == "Waiting in the queue, place 1."
    assert driver.look(third).message == "Waiting in the queue, place 2."
    viewer = watch(driver, [third], told_of("queued"))
    assert [event.data["queue_place"] for event in viewer.events if event.kind == "status"] == [2]
    driver.tell(first, "pause")
    assert driver.look(third).message == "Waiting in the queue, place 1."
    watch(driver, [third], lambda viewer: viewer.events[-1].data.get("queue_place") == 1, viewer=viewer)
    driver.until(second, lambda run: run.status == "running" and run.step > 0)
    driver.service.delete(second)
    driver.until(third, lambda run: run.status == "running" and run.step > 0)


def test_of_two_that_are_told_to_play_at_once_the_second_counts_the_first(service_of: ServiceOf) -> None:
    with service_of(max_running_per_visitor=1) as driver:
        runs = [driver.compiled().id for _ in range(2)]
        first, second = (driver.begin(run, "play") for run in runs)
        first.result(PATIENCE_SECONDS)
        with pytest.raises(LimitReached, match="1 is the most"):
            second.result(PATIENCE_SECONDS)


def test_step_waits_in_the_queue_too(driver: Driver) -> None:
    first, second = driver.compiled().id, driver.compiled().id
    driver.tell(first, "play", until={"epoch": 2_000})
    assert driver.tell(second, "step").epoch == 1
    assert driver.look(first).epoch == 2_000


def test_run_that_leaves_the_queue_is_no_longer_in_it(driver: Driver) -> None:
    first, second = driver.compiled().id, driver.compiled().id
    driver.tell(first, "play")
    driver.tell(second, "play")
    assert driver.tell(second, "pause").status == "paused"
    driver.tell(first, "pause")
    time.sleep(0.05)
    assert driver.look(second).step == 0


def test_run_that_nobody_watches_pauses_once_it_was_computed_for_long(driver: Driver) -> None:
    run = driver.compiled(attended=True).id
    driver.tell(run, "play")
    began = time.monotonic()
    document = driver.until(run, lambda run: run.status == "paused")
    assert time.monotonic() - began >= UNWATCHED_SECONDS / 2
    assert document.message == "Paused, because nobody was watching. Press Play to go on."
    assert driver.tell(run, "play").status == "running"


def test_run_that_is_watched_goes_on(driver: Driver) -> None:
    run = driver.compiled(attended=True).id
    driver.tell(run, "play")
    began = time.monotonic()
    viewer = watch(driver, [run], lambda _: time.monotonic() - began > 2 * UNWATCHED_SECONDS)
    assert {frame["status"] for frame in viewer.frames()} == {"running"}


def test_run_with_a_goal_goes_on_unwatched(driver: Driver) -> None:
    run = driver.compiled(attended=True).id
    driver.tell(run, "play", until={"epoch": 10_000_000})
    time.sleep(2 * UNWATCHED_SECONDS)
    assert driver.look(run).status == "running"


def test_run_that_no_page_made_goes_on_unwatched(driver: Driver) -> None:
    run = driver.compiled().id
    driver.tell(run, "play")
    time.sleep(2 * UNWATCHED_SECONDS)
    assert driver.look(run).status == "running"


def test_oldest_idle_run_makes_room(driver: Driver) -> None:
    playing, idle, newest = (driver.compiled().id for _ in range(3))
    driver.tell(playing, "play")
    made = driver.create().id
    assert {run.id for run in driver.listed()} == {made, newest, playing}
    assert idle not in driver.service.scheduler.runs


def test_several_that_are_made_together_find_room_together(driver: Driver) -> None:
    playing, *_ = (driver.compiled().id for _ in range(3))
    driver.tell(playing, "play")
    experiments = [PlaneExperiment(seed=seed) for seed in range(3)]
    with pytest.raises(LimitReached):
        driver.service.creation.create(experiments, visitor=VISITOR)
    assert len(driver.listed()) == 3, "nobody was thrown out for nothing"
    made = driver.service.creation.create(experiments[:2], visitor=VISITOR)
    assert {run.id for run in driver.listed()} == {playing, *(run.id for run in made)}


def test_for_what_does_not_fit_nobody_makes_room(driver: Driver) -> None:
    kept = {driver.compiled().id for _ in range(3)}
    unfit = apply_patch(PlaneExperiment(), {"training": {"loss": "hinge"}, "data": {"kind": "plane"}})
    with pytest.raises(InvalidInput):
        driver.service.creation.create([unfit], visitor=VISITOR)
    assert {run.id for run in driver.listed()} == kept


def test_watched_run_does_not_make_room(driver: Driver) -> None:
    watched, idle, _ = (driver.compiled().id for _ in range(3))

    async def crowd() -> None:
        events = driver.service.subscribe([watched], POINTS, "").events()
        await anext(events)
        driver.create()
        await events.aclose()

    asyncio.run(crowd())
    assert watched in driver.service.scheduler.runs
    assert idle not in driver.service.scheduler.runs


def test_run_too_many_is_refused(driver: Driver) -> None:
    runs = [driver.compiled().id for _ in range(3)]
    for run in runs:
        driver.tell(run, "play")
    with pytest.raises(LimitReached, match="Delete one first"):
        driver.create()
    driver.service.delete(runs[0])
    driver.create()


def test_stream_too_many_is_refused_until_one_ends(driver: Driver) -> None:
    run = driver.compiled().id

    async def crowd() -> None:
        streams = [driver.service.subscribe([run], POINTS, "").events() for _ in range(2)]
        for stream in streams:
            await anext(stream)
        with pytest.raises(LimitReached, match="Too many event streams"):
            driver.service.subscribe([run], POINTS, "")
        for stream in streams:
            await stream.aclose()

    asyncio.run(crowd())
    watch(driver, [run], frames(1))


def test_stream_of_several_runs_counts_once(driver: Driver) -> None:
    runs = [driver.compiled().id for _ in range(2)]

    async def crowd() -> None:
        stream = driver.service.subscribe(runs, POINTS, "").events()
        await anext(stream)
        driver.service.subscribe(runs, POINTS, "")
        await stream.aclose()

    asyncio.run(crowd())
    with pytest.raises(LimitReached, match="at most 2 runs"):
        driver.service.subscribe([*runs, runs[0]], POINTS, "")


def test_deleting_a_run_ends_its_streams(driver: Driver) -> None:
    run = driver.compiled().id

    async def read() -> list[bytes]:
        events = driver.service.subscribe([run], POINTS, "").events()
        texts = [await anext(events), await anext(events)]
        driver.service.delete(run)
        return texts + [text async for text in events]

    assert asyncio.run(read())


def test_what_waits_when_the_service_ends_is_told(service_of: ServiceOf) -> None:
    with service_of() as driver:
        run = driver.compiled().id
        stepping = driver.begin(run, "step", count=100_000)
        driver.until(run, lambda run: run.step > 0)
    with pytest.raises(ComputationFailed, match="about to end"):
        stepping.result(5)
    with pytest.raises(ComputationFailed, match="about to end"):
        driver.look(run)
