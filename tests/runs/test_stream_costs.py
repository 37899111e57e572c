"""What streams cost: one encoding of each part for all watchers, little for who does not read, nothing for nobody."""

import asyncio
import gzip
import time
import zlib
from collections.abc import AsyncGenerator

import pytest

from app.engine.program import Program
from app.engine.trainer import Trainer
from app.families.base import Observation
from app.runs import fragments
from app.runs.look import PICTURES
from app.schemas.frame import PICTURE_PARTS, FramePart
from tests.runs.driver import TWO_LAYERS, Driver
from tests.runs.watching import ALL, Viewer, frame_of, frames, parse_event, told_of, watch


@pytest.fixture
def observations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The step of each observation of any run."""
    steps: list[int] = []
    observe = Trainer.observe

    def count(trainer: Trainer, program: Program, choice: int = 0) -> Observation:
        steps.append(trainer.step)
        return observe(trainer, program, choice)

    monkeypatch.setattr(Trainer, "observe", count)
    return steps


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


@pytest.mark.parametrize("part", sorted(PICTURES))
def test_only_the_panels_that_are_open_are_computed(driver: Driver, part: FramePart) -> None:
    of_pictures = {"family": "cnn", "data": {"samples": 100}, "network": {"layers": [{"kind": "flatten"}]}}
    others = of_pictures if part in PICTURE_PARTS else {"family": "perceptron"}
    run = driver.compiled(TWO_LAYERS if part in ALL else others).id
    driver.tell(run, "play")
    probed = driver.service.observer.probed
    before = probed.copy()
    viewer = watch(driver, [run], frames(3), parts=frozenset({part}))
    assert part in viewer.frames()[0]
    assert set(probed - before) == {part}


@pytest.mark.parametrize("zipped", [False, True])
def test_fifty_watchers_cost_one_encoding_and_one_deflating_of_each_part(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, *, zipped: bool
) -> None:
    watchers, changes = 50, 5
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
            await asyncio.sleep(0.05)
            await asyncio.wrap_future(driver.begin(run, "step", unit="batch"))
        return await asyncio.gather(*readers)

    texts = asyncio.run(crowd())
    assert {text.count(b"event: frame") for text in texts} <= set(range(3, observer.frames - shown + 1))
    made = observer.frames - shown
    # All parts but `inputs` in each frame, `inputs` once, and the points of the beginning.
    assert channel.encoded - encoded <= made * (len(ALL) - 2) + 2
    # One for each encoding, and for each header and status.
    assert deflated <= (channel.encoded - encoded + 4 * changes if zipped else 0)


def test_client_that_does_not_read_misses_no_point_and_then_sees_the_newest_picture_only(driver: Driver) -> None:
    run = driver.compiled().id
    late = Viewer()

    async def sleep_through() -> None:
        events = driver.service.subscribe([run], ALL, "").events()
        await frame_of(events, 0)
        for _ in range(10):
            await asyncio.wrap_future(driver.begin(run, "step", unit="epoch", count=1_000))
        while not told_of("paused", at_least=1)(late):
            event = parse_event(await anext(events))
            if event is not None:
                late.see(event)
        await events.aclose()

    asyncio.run(sleep_through())
    (frame,) = late.frames()
    assert frame["epoch"] == 10_000
    assert late.curves[run][0] == [row[0] for row in driver.service.history(run).rows][1:]


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
