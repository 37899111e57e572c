"""The networks that visitors are most likely to ask for, in the order in which they are compiled at start-up."""

from collections.abc import Iterator

from app.schemas.data import Iris, Plane
from app.schemas.experiment import FAMILY_NAMES, Experiment, PlaneExperiment, default_experiment
from app.schemas.network import DenseLayer, DenseNetwork

_DEPTHS = (2, 1, 3, 0, 4, 5, 6)


def common_experiments() -> Iterator[Experiment]:
    """The default of each family first, then other depths, the larger data of regression, and more than two classes.

    Real data stands for the latter, so that scikit-learn, which takes seconds to import, is there when it is asked for.
    """
    for family in FAMILY_NAMES:
        yield default_experiment(family)
    for depth in _DEPTHS:
        yield PlaneExperiment(network=_network(depth))
    for data in (Iris(), Plane()):
        for depth in _DEPTHS[:3]:
            yield PlaneExperiment(data=data, network=_network(depth))


def _network(depth: int) -> DenseNetwork:
    return DenseNetwork(layers=tuple(DenseLayer(units=4) for _ in range(depth)))
