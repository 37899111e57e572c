"""What is compiled before anybody asks."""

from app.runs.warm_up import common_experiments
from app.schemas.experiment import FAMILY_NAMES, PlaneExperiment


def test_the_defaults_of_all_kinds_of_networks_come_first() -> None:
    first = list(common_experiments())[: len(FAMILY_NAMES)]
    assert first[0] == PlaneExperiment()
    assert [experiment.family for experiment in first] == list(FAMILY_NAMES)
