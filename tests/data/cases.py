"""What the tests of app.data share: making specs and Experiments from JSON, as a visitor would."""

from app.data.dataset import PointSet, PreparedPoints
from app.data.prepare import prepare
from app.data.registry import generate
from app.data.table import Table
from app.schemas.document import parse_value
from app.schemas.experiment import PlaneExperiment
from app.schemas.resolve import resolve

GENERATED = ("circle", "xor", "gaussian", "spiral", "moons", "rings", "blobs", "plane", "multi_gaussian")
CLASSES_KINDS = ("spiral", "moons", "rings", "blobs")


def experiment(data: dict[str, object], **others: object) -> PlaneExperiment:
    return parse_value(PlaneExperiment, {"data": data, **others})


def dataset(kind: str, *, seed: int = 0, table: Table | None = None, **fields: object) -> PointSet:
    return generate(experiment({"kind": kind, **fields}).data, seed, table)


def prepared(data: dict[str, object], *, table: Table | None = None, **others: object) -> PreparedPoints:
    given = experiment(data, **others)
    seed = given.seed if given.data.seed is None else given.data.seed
    drawn = generate(given.data, seed, table)
    return prepare(resolve(given, drawn.problem), drawn)
