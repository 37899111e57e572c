"""What is compiled before anybody asks."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import Popen

import pytest

from app import processes
from app.runs import warm_up
from app.runs.warm_up import common_experiments
from app.schemas.experiment import FAMILY_NAMES, Experiment, PlaneExperiment, read_experiment
from tests.runs.conftest import ServiceOf
from tests.runs.driver import PATIENCE_SECONDS, SMALLEST, Driver

COMMON: tuple[Experiment, ...] = PlaneExperiment(), read_experiment(SMALLEST)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """What the processes were asked for that were begun."""
    asked: list[Sequence[str]] = []

    def begin(*arguments: str) -> Popen[bytes]:
        asked.append(arguments)
        return processes.begin(*arguments)

    monkeypatch.setattr(warm_up, "begin", begin)
    monkeypatch.setattr(warm_up, "common_experiments", lambda: iter(COMMON))
    return asked


def wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not until() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert until()


def compiled(driver: Driver) -> bool:
    return driver.service.compiler.compilations == len(COMMON)


def test_the_defaults_of_all_kinds_of_networks_come_first() -> None:
    first = list(common_experiments())[: len(FAMILY_NAMES)]
    assert first[0] == PlaneExperiment()
    assert [experiment.family for experiment in first] == list(FAMILY_NAMES)


def test_a_process_of_its_own_compiles_what_the_server_then_fetches(
    service_of: ServiceOf, begun: list[Sequence[str]], tmp_path: Path
) -> None:
    for time_ in ("first", "again"):
        with service_of(warm_up=True, cache_dir=tmp_path) as driver:
            wait(lambda driver=driver: compiled(driver))
            assert driver.service.ready
            assert driver.create().status == "created"
        assert len(begun) == 1, time_
    (module, folder, *documents) = begun[0]
    assert (module, folder) == ("app.runs.warm_up_process", str(tmp_path))
    assert documents == [COMMON[1].model_dump_json()]


def test_where_that_process_fails_the_server_compiles(
    service_of: ServiceOf, begun: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(warm_up, "begin", lambda *_: processes.begin("app.no_such_module"))
    with service_of(warm_up=True, cache_dir=tmp_path) as driver:
        wait(lambda: compiled(driver))
    assert begun == []


def test_it_ends_with_the_server(
    service_of: ServiceOf, begun: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: list[Popen[bytes]] = []

    def begin(*arguments: str) -> Popen[bytes]:
        made.append(processes.begin(*arguments))
        return made[-1]

    monkeypatch.setattr(warm_up, "begin", begin)
    with service_of(warm_up=True, cache_dir=tmp_path):
        wait(lambda: bool(made))
    assert made[0].poll() is not None
