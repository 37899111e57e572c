"""Event streams: what comes at once, what belongs together, what a part costs, and when nothing comes."""

import asyncio
import gzip
import time
import tracemalloc
import zlib
from collections.abc import AsyncGenerator

import numpy as np
import pytest

from app.engine.program import Observation, Program
from app.engine.trainer import Trainer
from app.runs import fragments, subscription
from app.schemas.frame import FRAME_PARTS, FramePart
from tests.runs.driver import Driver
from tests.runs.watching import POINTS, Event, Viewer, follow, frames, parse_event, told_of, watch

ALL: frozenset[FramePart] = frozenset(FRAME_PARTS)
WEIGHTS: frozenset[FramePart] = frozenset({"weights"})
TWO_LAYERS = {"network": {"layers": [{"units": 4}, {"units": 2}]}}


@pytest.fixture
def observations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The step of each observation of any run."""
    steps: list[int] = []
    observe = Trainer.observe

    def count(trainer: Trainer, program: Program, inputs: np.ndarray) -> Observation:
        steps.append(trainer.step)
        return observe(trainer, program, inputs)

    monkeypatch.setattr(Trainer, "observe", count)
    return steps


def test_first_frame_has_every_part_at_once(driver: Driver) -> None:
    run = driver.compiled(TWO_LAYERS).id
    driver.tell(run, "step", unit="epoch", count=3)
    began = time.monotonic()
    viewer = watch(driver, [run], frames(1), parts=ALL)
    assert time.monotonic() - began < 1
    frame = viewer.frames()[0]
    assert frame.keys() >= ALL
    assert (frame["run"], frame["revision"], frame["origin"], frame["status"]) == (run, 0, 0, "paused")
    assert (frame["step"], frame["epoch"]) == (75, 3)
    assert [row[:2] for row in frame["points"]["rows"]] == [[0, 0], [25, 1], [50, 2], [75, 3]]
    assert frame["metrics"] == driver.look(run).model_dump(mode="json")["metrics"]
    assert [len(layer) for layer in frame["neurons"]["layers"]] == [4, 2]
    assert [layer["weight"]["shape"] for layer in frame["weights"]["layers"]] == [[2, 4], [4, 2], [2, 1]]
    assert frame["boundary"]["value"]["shape"] == [100, 100]
    assert len(frame["inputs"]["maps"]) == 2


def test_status_comes_before_the_first_frame(driver: Driver) -> None:
    run = driver.compiled().id
    first = watch(driver, [run], frames(1)).events[0]
    assert (first.kind, first.id) == ("status", "")
    assert first.data == {
        "run": run,
        "revision": 0,
        "origin": 0,
        "status": "created",
        "message": "Ready. Press Play.",
        "step": 0,
        "epoch": 0,
        "speed": None,
        "queue_place": None,
    }


@pytest.mark.parametrize("others", [WEIGHTS, ALL])
def test_first_frame_of_a_run_that_plays_to_others_has_every_part(driver: Driver, others: frozenset[FramePart]) -> None:
    run = driver.compiled(TWO_LAYERS).id
    driver.tell(run, "play")
    late = Viewer()

    async def both() -> None:
        neighbour = driver.service.subscribe([run], others, "")
        first = asyncio.create_task(follow(neighbour, Viewer(), frames(10)))
        await asyncio.sleep(0.1)
        await follow(driver.service.subscribe([run], ALL, ""), late, frames(1))
        first.cancel()

    asyncio.run(both())
    assert late.frames()[0].keys() >= ALL


def test_frame_holds_only_what_was_asked_for(driver: Driver) -> None:
    run = driver.compiled(TWO_LAYERS).id
    driver.tell(run, "play")
    viewer = watch(driver, [run], frames(3), parts=frozenset({"weights", "metrics"}))
    header = {"run", "revision", "origin", "status", "step", "epoch"}
    assert all(frame.keys() == header | {"weights", "metrics"} for frame in viewer.frames())


def test_part_that_does_not_change_comes_once_for_each_curve(driver: Driver) -> None:
    run = driver.compiled(TWO_LAYERS).id
    driver.tell(run, "play")
    inputs: frozenset[FramePart] = frozenset({"inputs"})

    def changed(viewer: Viewer) -> bool:
        if len(viewer.frames()) == 4 and viewer.events[-1].kind == "frame":
            driver.patch(run, {"data": {"features": ["x1"]}})
        return len(viewer.frames()) == 8

    viewer = watch(driver, [run], changed, parts=inputs)
    with_inputs = [frame for frame in viewer.frames() if "inputs" in frame]
    assert [(frame["origin"], len(frame["inputs"]["maps"])) for frame in with_inputs] == [(0, 2), (1, 1)]


def test_frame_comes_at_once_after_every_change_of_a_paused_run(driver: Driver) -> None:
    run = driver.compiled().id
    delays: list[float] = []

    async def read() -> None:
        events = driver.service.subscribe([run], WEIGHTS, "").events()
        await _frame_of(events, 0)
        for revision in range(1, 21):
            began = time.monotonic()
            driver.service.patch(run, {"training": {"batch_size": revision}})
            await _frame_of(events, revision)
            delays.append(time.monotonic() - began)
        await events.aclose()

    asyncio.run(read())
    assert sorted(delays)[10] < 0.05


async def _frame_of(events: AsyncGenerator[bytes], revision: int) -> Event:
    async for text in events:
        event = parse_event(text)
        if event is not None and event.kind == "frame" and event.data["revision"] >= revision:
            return event
    raise AssertionError("the stream ended")


def test_what_a_frame_tells_belongs_together(driver: Driver) -> None:
    run = driver.compiled(speed=1_000.0).id
    units = {0: 4}
    driver.patch(run, {"network": {"layers": [{"units": 4}]}})
    units[1] = 4
    driver.until(run, lambda run: run.status != "compiling")
    driver.tell(run, "play")
    changes = iter(
        [
            lambda: driver.patch(run, {"network": {"layers": [{"units": 2}]}}),
            lambda: driver.patch(run, {"training": {"optimizer": {"learning_rate": 0.01}}}),
            lambda: driver.patch(run, {"network": {"layers": [{"units": 7}]}}),
            lambda: driver.tell(run, "edit", layer=0, parameter="bias", index=[1], value=0.0),
            lambda: driver.patch(run, {"network": {"layers": [{"units": 5}]}}),
            lambda: [driver.tell(run, "reset"), driver.tell(run, "play")][-1],
        ]
    )

    def change(viewer: Viewer) -> bool:
        if len(viewer.frames()) % 3 or viewer.events[-1].kind != "frame":
            return False
        act = next(changes, None)
        if act is not None:
            document = act()
            units[document.revision] = document.experiment.network.layers[0].units
        return act is None

    viewer = watch(driver, [run], change, parts=ALL)
    assert len({frame["revision"] for frame in viewer.frames()}) == len(units) - 1
    for frame in viewer.frames():
        assert frame["weights"]["layers"][0]["bias"]["shape"] == [units[frame["revision"]]]
        assert [len(layer) for layer in frame["neurons"]["layers"]] == [units[frame["revision"]]]
        for step, epoch, revision in [row[:3] for row in frame.get("points", {"rows": []})["rows"]]:
            assert step <= frame["step"]
            assert epoch <= frame["epoch"]
            assert frame["origin"] <= revision <= frame["revision"]
    curves = viewer.curves[run]
    assert all(steps[0] == 0 and steps == sorted(set(steps)) for steps in curves.values())


def test_frame_is_not_repeated_while_nothing_changes(driver: Driver) -> None:
    run = driver.compiled().id

    async def read() -> list[Event]:
        viewer = Viewer()
        task = asyncio.create_task(follow(driver.service.subscribe([run], ALL, ""), viewer, frames(100)))
        await asyncio.sleep(0.3)
        driver.tell(run, "pause")
        await asyncio.sleep(0.1)
        task.cancel()
        return viewer.events

    assert [event.kind for event in asyncio.run(read())] == ["status", "frame"]


def test_problem_says_what_went_wrong(driver: Driver) -> None:
    run = driver.compiled({"network": {"layers": [], "output_activation": "linear"}}).id
    driver.patch(run, {"training": {"optimizer": {"learning_rate": 1000}}})
    driver.tell(run, "play")
    viewer = watch(driver, [run], told_of("diverged"))
    problem = next(event for event in viewer.events if event.kind == "problem")
    assert (problem.id, problem.data["type"], problem.data["run"]) == ("", "/problems/diverged", run)
    assert problem.data["detail"] == driver.look(run).message
    driver.tell(run, "reset")
    assert not [event for event in watch(driver, [run], frames(1)).events if event.kind == "problem"]


def test_heartbeat_keeps_a_silent_stream_open(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscription, "HEARTBEAT_SECONDS", 0.05)
    run = driver.compiled().id

    async def read() -> list[bytes]:
        events = driver.service.subscribe([run], POINTS, "").events()
        texts = [await anext(events) for _ in range(5)]
        await events.aclose()
        return texts

    assert asyncio.run(read())[-2:] == [b": still here\n\n"] * 2


def test_nobody_watching_costs_nothing(driver: Driver, observations: list[int]) -> None:
    run = driver.compiled(TWO_LAYERS).id
    driver.tell(run, "play")
    watch(driver, [run], frames(2), parts=ALL)
    channel = driver.inside(run).channel
    driver.look(run)  # after what the watcher was still shown
    observations.clear()
    before = driver.service.observer.frames, channel.encoded
    time.sleep(0.3)
    assert (driver.service.observer.frames, channel.encoded) == before
    assert observations == []
    assert driver.look(run).step > 0


def test_closed_panel_costs_nothing(driver: Driver, observations: list[int]) -> None:
    run = driver.compiled(TWO_LAYERS).id
    driver.tell(run, "play")
    observations.clear()
    watch(driver, [run], frames(4), parts=frozenset({"points", "weights", "gradients", "inputs"}))
    assert observations == []


@pytest.mark.parametrize("zipped", [False, True])
def test_fifty_watchers_cost_one_encoding_and_one_deflating_of_each_part(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, *, zipped: bool
) -> None:
    watchers, changes = 50, 10
    run = driver.compiled(TWO_LAYERS).id
    driver.tell(run, "step", unit="epoch", count=100)
    channel, observer = driver.inside(run).channel, driver.service.observer
    deflated = 0
    compressobj = zlib.compressobj

    def count(level: int, method: int, bits: int) -> object:
        nonlocal deflated
        deflated += 1
        return compressobj(level, method, bits)

    monkeypatch.setattr(fragments.zlib, "compressobj", count)
    encoded, shown = channel.encoded, observer.frames

    async def read(events: AsyncGenerator[bytes]) -> bytes:
        text = b""
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        while f'"step":{2_500 + changes}'.encode() not in text:
            chunk = await anext(events)
            text += inflate.decompress(chunk) if zipped else chunk
        await events.aclose()
        return text

    async def crowd() -> list[bytes]:
        streams = [driver.service.subscribe([run], ALL, "", gzip=zipped).events() for _ in range(watchers)]
        readers = [asyncio.create_task(read(events)) for events in streams]
        for _ in range(changes):
            await asyncio.sleep(0.1)
            await asyncio.wrap_future(driver.begin(run, "step", unit="batch"))
        return await asyncio.gather(*readers)

    texts = asyncio.run(crowd())
    assert {text.count(b"event: frame") for text in texts} <= set(range(3, observer.frames - shown + 1))
    made = observer.frames - shown
    # All parts but `inputs` in each frame, `inputs` once, and the points of the beginning.
    assert channel.encoded - encoded <= made * (len(ALL) - 2) + 2
    # One for each encoding, and for each header and status.
    assert deflated <= (channel.encoded - encoded + 4 * changes if zipped else 0)


def test_client_that_does_not_read_costs_nothing_and_then_sees_the_newest(driver: Driver) -> None:
    run = driver.compiled(TWO_LAYERS).id
    driver.play_until(run, epoch=4_100)  # the history is as long as it gets
    late = Viewer()

    async def sleep_through() -> int:
        events = driver.service.subscribe([run], ALL, "").events()
        await _frame_of(events, 0)
        await asyncio.wrap_future(driver.begin(run, "step", unit="epoch", count=1_000))
        tracemalloc.start()
        await asyncio.wrap_future(driver.begin(run, "step", unit="epoch", count=12_000))
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        while not told_of("paused", at_least=1)(late):
            event = parse_event(await anext(events))
            if event is not None:
                late.see(event)
        await events.aclose()
        return size

    assert asyncio.run(sleep_through()) < 3_000_000
    (frame,) = late.frames()
    assert frame["epoch"] == 17_100
    assert frame["points"]["rows"][-1][1] == 17_088  # on the stride of 16


def test_zipped_stream_that_ends_is_a_whole_file_and_comes_promptly(driver: Driver) -> None:
    run = driver.compiled(TWO_LAYERS).id

    async def read() -> tuple[bytes, bytes]:
        events = driver.service.subscribe([run], ALL, "", gzip=True).events()
        inflate, first, raw = zlib.decompressobj(zlib.MAX_WBITS | 16), b"", b""
        while b'"weights":' not in first:
            raw += (chunk := await anext(events))
            text = inflate.decompress(chunk)
            assert text.endswith(b"\n\n")  # whatever was sent can be read at once
            first += text
        driver.service.delete(run)
        async for chunk in events:
            raw += chunk
        return first, raw

    first, raw = asyncio.run(read())
    assert gzip.decompress(raw).startswith(first)
    assert len(raw) < 0.6 * len(gzip.decompress(raw))
