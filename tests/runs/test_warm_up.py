"""What is compiled before anybody asks."""

from typing import get_args

from app.runs.warm_up import common_experiments
from app.schemas.experiment import FamilyName, PlaneExperiment


def test_the_defaults_of_all_kinds_of_networks_come_first() -> None:
    first = list(common_experiments())[: len(get_args(FamilyName))]
    assert first[0] == PlaneExperiment()
    assert [experiment.family for experiment in first] == list(get_args(FamilyName))
