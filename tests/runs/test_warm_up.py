"""What is compiled before anybody asks."""

import time

import pytest

from app.runs.warm_up import common_experiments
from app.schemas.experiment import FAMILY_NAMES, PlaneExperiment, read_experiment
from tests.runs.conftest import ServiceOf
from tests.runs.driver import PATIENCE_SECONDS, SMALLEST


def test_the_defaults_of_all_kinds_of_networks_come_first() -> None:
    first = list(common_experiments())[: len(FAMILY_NAMES)]
    assert first[0] == PlaneExperiment()
    assert [experiment.family for experiment in first] == list(FAMILY_NAMES)


def test_a_service_that_warms_up_compiles_them_unasked(service_of: ServiceOf, monkeypatch: pytest.MonkeyPatch) -> None:
    common = PlaneExperiment(), read_experiment(SMALLEST)
    monkeypatch.setattr("app.runs.service.common_experiments", lambda: iter(common))
    with service_of(warm_up=True) as driver:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while driver.service.compiler.compilations < 4 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert driver.service.ready
        assert driver.create().status == "created"
