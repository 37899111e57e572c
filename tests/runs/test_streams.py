"""Event streams: what comes at once, what belongs together, and when nothing comes."""

import asyncio
import time

import pytest

from app.runs import subscription
from app.schemas.experiment import as_plane
from app.schemas.frame import FramePart
from tests.runs.driver import TWO_LAYERS, Driver
from tests.runs.watching import ALL, POINTS, Event, Viewer, follow, frame_of, frames, told_of, watch

WEIGHTS: frozenset[FramePart] = frozenset({"weights"})


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
        "playing": False,
        "passed": None,
        "kept_epochs": [0],
        "undo": None,
        "redo": None,
    }


@pytest.mark.parametrize("others", [WEIGHTS, ALL])
def test_firstframe_of_a_run_that_plays_to_others_has_every_part(driver: Driver, others: frozenset[FramePart]) -> None:
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
    header = {"run", "revision", "origin", "status", "playing", "step", "epoch"}
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
        await frame_of(events, 0)
        for revision in range(1, 21):
            began = time.monotonic()
            driver.service.patch(run, {"training": {"batch_size": revision}})
            await frame_of(events, revision)
            delays.append(time.monotonic() - began)
        await events.aclose()

    asyncio.run(read())
    assert sorted(delays)[10] < 0.15


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
            units[document.revision] = as_plane(document.experiment).network.layers[0].units
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
