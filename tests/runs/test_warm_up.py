"""What is compiled before anybody asks."""

import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from threading import Event

import pytest

from app import processes
from app.engine.setup import NoUploads
from app.families.base import Setup
from app.runs import warm_up
from app.runs.warm_up import common_experiments
from app.schemas.experiment import FAMILY_NAMES, Experiment, PlaneExperiment, read_experiment
from tests.runs.conftest import ServiceOf
from tests.runs.driver import PATIENCE_SECONDS, SMALLEST, Driver

pytestmark = pytest.mark.alone  # the process gives way to all else

COMMON: tuple[Experiment, ...] = PlaneExperiment(), read_experiment(SMALLEST)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Popen[bytes]]:
    """The processes that were begun."""
    begun: list[Popen[bytes]] = []

    def begin(*arguments: str) -> Popen[bytes]:
        begun.append(processes.begin(*arguments))
        return begun[-1]

    monkeypatch.setattr(warm_up, "begin", begin)
    monkeypatch.setattr(warm_up, "common_experiments", lambda: iter(COMMON))
    return begun


def wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not until() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert until()


def compiled(driver: Driver, programs: int = len(COMMON)) -> bool:
    return driver.service.compiler.compilations == programs


def test_the_defaults_of_all_kinds_of_networks_come_first() -> None:
    first = list(common_experiments())[: len(FAMILY_NAMES)]
    assert first[0] == PlaneExperiment()
    assert [experiment.family for experiment in first] == list(FAMILY_NAMES)


def test_a_process_of_its_own_compiles_what_the_server_then_fetches(
    service_of: ServiceOf, begun: list[Popen[bytes]], tmp_path: Path
) -> None:
    for time_ in ("first", "again"):
        with service_of(warm_up=True, cache_dir=tmp_path) as driver:
            wait(lambda driver=driver: compiled(driver))
            assert driver.service.ready
            assert driver.create().status == "created"
            wait(lambda: begun[0].returncode == 0)
        assert len(begun) == 1, time_


def halted(process: Popen[bytes]) -> bool:
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_it_is_halted_while_somebody_waits_for_a_network(
    service_of: ServiceOf, begun: list[Popen[bytes]], tmp_path: Path
) -> None:
    with service_of(warm_up=True, cache_dir=tmp_path) as driver:
        wait(lambda: driver.service.ready and bool(begun) and not halted(begun[0]))
        driver.create({"network": {"layers": [{"units": 4}]}})
        wait(lambda: halted(begun[0]))
        wait(lambda: not halted(begun[0]))
        assert not driver.service.compiler.waiting
        wait(lambda: compiled(driver, len(COMMON) + 1))


def test_the_server_is_ready_once_the_common_data_is_loaded(
    service_of: ServiceOf, begun: list[Popen[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = Event()
    build_setup = warm_up.build_setup

    def build_late(experiment: Experiment, uploads: NoUploads) -> Setup:
        assert experiment == COMMON[0] or loaded.wait(PATIENCE_SECONDS)
        return build_setup(experiment, uploads)

    monkeypatch.setattr(warm_up, "build_setup", build_late)
    with service_of(warm_up=True, cache_dir=tmp_path) as driver:
        driver.compiled(COMMON[0].model_dump())
        assert not driver.service.ready
        loaded.set()
        wait(lambda: driver.service.ready)
    assert begun


def test_what_cannot_be_kept_is_compiled_by_the_server(
    service_of: ServiceOf, begun: list[Popen[bytes]], tmp_path: Path
) -> None:
    (tmp_path / "programs").touch()
    with service_of(warm_up=True, cache_dir=tmp_path) as driver:
        wait(lambda: compiled(driver))
        assert begun[0].returncode == 0


def test_where_that_process_fails_the_server_compiles(
    service_of: ServiceOf, begun: list[Popen[bytes]], tmp_path: Path
) -> None:
    with service_of(warm_up=True, cache_dir=tmp_path) as driver:
        wait(lambda: bool(begun))
        begun[0].kill()
        wait(lambda: compiled(driver))


def test_it_ends_with_the_server(service_of: ServiceOf, begun: list[Popen[bytes]], tmp_path: Path) -> None:
    with service_of(warm_up=True, cache_dir=tmp_path):
        wait(lambda: bool(begun))
        assert begun[0].poll() is None
    assert begun[0].returncode is not None


def test_without_its_server_it_has_nothing_to_do(tmp_path: Path) -> None:
    documents = [experiment.model_dump_json() for experiment in COMMON]
    nobody = "0"
    process = processes.begin("app.runs.warm_up_process", nobody, str(tmp_path), *documents)
    assert process.wait(PATIENCE_SECONDS) == 0
    assert not list(tmp_path.rglob("programs/*/*"))
