"""What stands out in a run is told whatever it does, and looked for now and then while somebody watches."""

from pathlib import Path
from typing import Any

from app.schemas.finding import Diagnosis
from tests.runs.conftest import ServiceOf
from tests.runs.driver import PATIENCE_SECONDS, TWO_LAYERS, VISITOR, Driver
from tests.runs.watching import frames, watch

_TOO_FAST: dict[str, Any] = {
    "data": {"kind": "plane"},
    "network": {"layers": [{"units": 4}, {"units": 2}]},
    "training": {"optimizer": {"learning_rate": 10.0}},
}


def diagnosis(driver: Driver, run_id: str) -> Diagnosis:
    return driver.service.diagnosis(run_id).result(PATIENCE_SECONDS)


def codes(driver: Driver, run_id: str) -> list[str]:
    return [finding.code for finding in diagnosis(driver, run_id).findings]


def test_a_run_that_rests_and_one_that_trains_are_diagnosed(driver: Driver) -> None:
    run = driver.create({**TWO_LAYERS, "network": {"layers": [{"units": 4}, {"units": 2}], "init": {"kind": "zeros"}}})
    assert codes(driver, run.id) == ["symmetric_weights"]  # which waits for the compiler
    driver.tell(run.id, "play")
    assert codes(driver, run.id) == ["symmetric_weights"]


def test_a_run_that_diverged_tells_step_and_layer(driver: Driver) -> None:
    run = driver.compiled(_TOO_FAST).id
    assert driver.play_until(run, epoch=50).status == "diverged"
    finding = diagnosis(driver, run).findings[0]
    assert (finding.code, finding.layer) == ("diverged", 2)
    assert finding.evidence["step"] == driver.look(run).step + 1
    assert finding.repair is not None
    driver.patch(run, finding.repair.patch)
    driver.tell(run, "reset")
    assert driver.play_until(run, epoch=50).status == "paused"
    assert codes(driver, run) == []


def test_a_new_server_still_knows_in_which_layer_a_run_diverged(service_of: ServiceOf, tmp_path: Path) -> None:
    with service_of(tmp_path) as driver:
        run = driver.compiled(_TOO_FAST).id
        driver.play_until(run, epoch=50)
        known = diagnosis(driver, run).findings[0]
    with service_of(tmp_path) as driver:
        finding = diagnosis(driver, run).findings[0]
        assert (finding.code, finding.layer) == (known.code, known.layer) == ("diverged", 2)
        copy = driver.service.copy(run, VISITOR).id
        assert diagnosis(driver, copy).findings[0].layer == 2


def test_it_is_looked_for_now_and_then_while_somebody_watches(driver: Driver) -> None:
    run = driver.compiled(TWO_LAYERS, speed=30.0).id
    driver.tell(run, "play")
    probed = driver.service.observer.probed
    before = probed["diagnosis"]
    viewer = watch(driver, [run], frames(12), parts=frozenset({"weights", "diagnosis"}))
    assert viewer.frames()[0]["diagnosis"] == {"findings": []}
    assert probed["diagnosis"] - before < 6


def test_a_new_start_is_looked_at_at_once(driver: Driver) -> None:
    run = driver.compiled(TWO_LAYERS, speed=30.0).id
    driver.tell(run, "play")

    def told(code: str) -> bool:
        viewer = watch(driver, [run], frames(1), parts=frozenset({"diagnosis"}))
        return [finding["code"] for finding in viewer.frames()[0]["diagnosis"]["findings"]] == [code]

    driver.patch(run, {"network": {"init": {"kind": "zeros"}}})
    assert told("symmetric_weights")
