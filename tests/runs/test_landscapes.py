"""Loss landscapes of live runs: their middle is the run's loss, and drawing them is in nobody's way."""

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from app.data.streams import stream
from app.errors import Conflict, LimitReached, NotFound
from app.probes.landscape import random_plane
from app.schemas.document import parse_value
from app.schemas.landscape import Landscape, LandscapeRequest
from tests.nn.reference import losses
from tests.runs.conftest import ServiceOf
from tests.runs.driver import PATIENCE_SECONDS, SMALLEST, TWO_LAYERS, VISITOR, Driver

LARGE: Mapping[str, Any] = {"data": {"kind": "spiral", "samples": 8_000}, "network": {"layers": []}}


def begin(driver: Driver, run_id: str, **wanted: object) -> Landscape:
    """Asks for a landscape; returns what is known at once."""
    request = parse_value(LandscapeRequest, wanted)
    return driver.service.draw_landscape(run_id, request).result(PATIENCE_SECONDS)


def drawn(driver: Driver, run_id: str) -> Landscape:
    """The landscape that was asked for, once it is whole."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (landscape := driver.service.landscape(run_id)) is None or landscape.done < landscape.total:
        assert time.monotonic() < deadline, landscape
        time.sleep(0.01)
    return landscape


@pytest.mark.parametrize(
    "experiment",
    [
        SMALLEST,
        TWO_LAYERS,
        {**TWO_LAYERS, "data": {"kind": "blobs", "classes": 3}},
        {**TWO_LAYERS, "data": {"kind": "plane", "samples": 100}},
        {**TWO_LAYERS, "data": {"validation_fraction": 0.2}, "training": {"regularization": {"l2": 0.1}}},
    ],
)
def test_the_middle_is_the_loss_of_the_run(driver: Driver, experiment: Mapping[str, Any]) -> None:
    run = driver.compiled(experiment)
    trained = driver.play_until(run.id, epoch=7)
    begin(driver, run.id, side=5)
    landscape = drawn(driver, run.id)
    assert trained.metrics
    assert trained.metrics["train"]
    assert landscape.centre == landscape.loss[2][2] == trained.metrics["train"]["loss"]
    assert (landscape.step, landscape.epoch, landscape.revision) == (trained.step, 7, trained.revision)
    assert landscape.x == landscape.y == (-1.0, -0.5, 0.0, 0.5, 1.0)
    assert np.isfinite(np.array(landscape.loss)).all()


def test_every_point_is_the_loss_of_the_moved_network(driver: Driver) -> None:
    run = driver.compiled()
    begin(driver, run.id, side=7, span=2, seed=5)
    landscape = drawn(driver, run.id)
    prepared, tensors = driver.service.data(run.id), driver.service.parameters(run.id).result(PATIENCE_SECONDS)
    plane, count = random_plane(tensors, stream(5, "landscape")), prepared.counts[0]
    for row, y in enumerate(landscape.y):
        for column, x in enumerate(landscape.x):
            moved = plane.at(x, y)
            logits = prepared.inputs[:count].astype(np.float64) @ moved["layers.0.weight"] + moved["layers.0.bias"]
            expected = losses("half_squared_error", "tanh", logits, prepared.targets[:count].astype(np.float64)).mean()
            assert landscape.loss[row][column] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("experiment", [SMALLEST, TWO_LAYERS, {**TWO_LAYERS, "data": {"kind": "blobs", "classes": 3}}])
def test_along_the_trajectory_each_moment_has_its_own_loss(driver: Driver, experiment: Mapping[str, Any]) -> None:
    run = driver.compiled(experiment)
    for epoch in (1, 3, 4, 8):
        trained = driver.play_until(run.id, epoch=epoch)
    driver.tell(run.id, "step")
    begin(driver, run.id, directions="trajectory", side=9)
    landscape = drawn(driver, run.id)
    assert (landscape.directions, landscape.seed, landscape.total) == ("trajectory", None, 81 + len(landscape.path))
    history = driver.service.history(run.id)
    losses = {row[history.columns.index("epoch")]: row[history.columns.index("train_loss")] for row in history.rows}
    *passed, network = landscape.path
    assert [moment.epoch for moment in landscape.path] == driver.inside(run.id).timeline.epochs
    assert {0, 8} <= {moment.epoch for moment in passed}
    assert [moment.loss for moment in passed] == pytest.approx([losses[moment.epoch] for moment in passed], rel=1e-5)
    look = driver.look(run.id)
    assert trained.step < network.step == look.step
    assert look.metrics
    assert look.metrics["train"]
    column, row = landscape.x.index(0.0), landscape.y.index(0.0)
    assert network.loss == landscape.centre == landscape.loss[row][column] == look.metrics["train"]["loss"]
    assert (network.x, network.y) == (0.0, 0.0)
    for moment in landscape.path:
        assert landscape.x[0] < moment.x < landscape.x[-1]
        assert landscape.y[0] < moment.y < landscape.y[-1]
    assert landscape.shares
    first, second = landscape.shares
    assert 1 >= first >= second >= 0


def test_there_is_no_trajectory_before_training_and_of_one_that_goes_back_only_what_lies_behind(driver: Driver) -> None:
    run = driver.compiled()
    with pytest.raises(Conflict, match="Train for some epochs"):
        begin(driver, run.id, directions="trajectory", side=3)
    assert driver.service.landscape(run.id) is None
    for epoch in (1, 2, 3, 4):
        driver.play_until(run.id, epoch=epoch)
    driver.tell(run.id, "rewind", epoch=3)
    begin(driver, run.id, directions="trajectory", side=3)
    assert [moment.epoch for moment in drawn(driver, run.id).path] == [0, 1, 2, 3]
    driver.tell(run.id, "rewind", epoch=1)
    with pytest.raises(Conflict, match="fewer than three"):
        begin(driver, run.id, directions="trajectory", side=3)


def test_it_is_of_the_moment_at_which_it_was_asked_for_and_training_goes_on(driver: Driver) -> None:
    run = driver.compiled()
    driver.tell(run.id, "play")
    driver.until(run.id, lambda run: run.epoch > 10)
    asked = begin(driver, run.id)
    assert asked.done < asked.total == 625
    landscape = drawn(driver, run.id)
    assert landscape.step == asked.step
    assert driver.look(run.id).step > landscape.step
    assert driver.look(run.id).playing


def test_asking_again_while_nothing_has_changed_is_answered_with_the_same(driver: Driver) -> None:
    run = driver.compiled()
    begin(driver, run.id, side=3)
    landscape = drawn(driver, run.id)
    assert begin(driver, run.id, side=3) == landscape
    assert begin(driver, run.id, side=3, seed=1).done < 9
    other = drawn(driver, run.id)
    assert other.centre == landscape.centre
    assert other.loss != landscape.loss
    driver.tell(run.id, "step")
    assert begin(driver, run.id, side=3, seed=1).done < 9
    assert drawn(driver, run.id).centre != landscape.centre


def test_a_run_has_none_until_one_is_asked_for_and_none_after_its_end(driver: Driver) -> None:
    run = driver.compiled()
    assert driver.service.landscape(run.id) is None
    begin(driver, run.id, side=51)
    driver.service.delete(run.id)
    with pytest.raises(NotFound):
        driver.service.landscape(run.id)


def test_it_waits_for_the_compiler(driver: Driver) -> None:
    # No other test uses as many samples with as many outputs.
    run = driver.create({**SMALLEST, "data": {"kind": "blobs", "classes": 4, "samples": 3_000}})
    begin(driver, run.id, side=3)
    assert drawn(driver, run.id).done == 9


def test_one_visitor_has_few_drawn_at_once_and_pays_for_them(service_of: ServiceOf) -> None:
    with service_of(max_landscapes_per_visitor=1, compute_seconds=500.0, compute_refill=1e-6) as driver:
        first, second = driver.compiled(LARGE), driver.compiled(LARGE)
        begin(driver, first.id, side=51)
        with pytest.raises(LimitReached, match="1 of your loss landscapes are being drawn"):
            begin(driver, second.id, side=3)
        begin(driver, first.id, side=3)  # takes the place of the other
        drawn(driver, first.id)
        begin(driver, second.id, side=3)
        drawn(driver, second.id)
        driver.look(first.id)
        left = driver.service.limits.standing(VISITOR, runs=2, running=0).compute_seconds
        assert left is not None
        assert left < 500.0


def test_a_visitor_whose_time_is_used_up_is_told(service_of: ServiceOf) -> None:
    with service_of(compute_seconds=0.01, compute_refill=1e-6) as driver:
        run = driver.compiled(LARGE)
        begin(driver, run.id, side=51)
        with pytest.raises(LimitReached, match="used up"):
            drawn(driver, run.id)
        with pytest.raises(LimitReached, match="used up"):
            begin(driver, run.id, side=51)


def test_a_fault_is_told_and_others_are_drawn_all_the_same(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    run = driver.compiled()
    with monkeypatch.context() as broken:
        broken.setattr("app.runs.landscapes.LossElsewhere", None)
        begin(driver, run.id, side=3)
        with pytest.raises(Exception, match="failed while drawing"):
            drawn(driver, run.id)
    begin(driver, run.id, side=3)
    assert drawn(driver, run.id).done == 9
