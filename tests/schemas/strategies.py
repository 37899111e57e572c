"""Random documents of every kind, made from the models themselves: a new field without a strategy here is an error."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel

from app.schemas.data import DATA_KINDS, FEATURES, MAX_SAMPLES, Points
from app.schemas.document import parse_value
from app.schemas.experiment import PlaneExperiment
from app.schemas.network import ACTIVATIONS, INITIALIZERS, OUTPUT_ACTIVATIONS
from app.schemas.training import CLIPPINGS, LOSSES, OPTIMIZERS, SCHEDULES

Documents = st.SearchStrategy[dict[str, Any]]

COLUMNS = {
    "iris": ("sepal_length", "sepal_width", "petal_length", "petal_width"),
    "wine": ("alcohol", "flavanoids", "hue", "od280/od315_of_diluted_wines", "proline"),
}

fractions = st.floats(0, 1, exclude_max=True)
epsilons = st.floats(0, 1, exclude_min=True)
seeds = st.integers(0, 2**32 - 1)
thresholds = st.floats(0, 1e6, exclude_min=True)
epochs = st.integers(1, 1_000_000)
numbers = st.floats(allow_nan=False, allow_infinity=False)
intervals = st.lists(numbers, min_size=2, max_size=2, unique=True).map(sorted)

FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    # data
    "noise": st.one_of(st.integers(0, 50), st.floats(0, 50)),
    "train_fraction": st.floats(0.05, 0.6),
    "validation_fraction": st.floats(0.01, 0.39),
    "features": st.lists(st.sampled_from(FEATURES), min_size=1, unique=True),
    "scaling": st.sampled_from(["none", "standard", "min_max"]),
    "seed": st.none() | seeds,
    "samples": st.none() | st.integers(10, MAX_SAMPLES),
    "classes": st.integers(2, 6),
    "points": st.lists(st.tuples(numbers, numbers, numbers).map(list), min_size=2, max_size=6),
    "dataset": st.from_regex("[0-9a-f]{16,64}", fullmatch=True) | st.from_regex("[0-9]{9}e[0-9]{22}", fullmatch=True),
    "task": st.sampled_from([None, "classification", "regression"]),
    "domain": st.none() | st.lists(intervals, min_size=2, max_size=2),
    # network
    "units": st.integers(1, 64),
    "activation": st.sampled_from(ACTIVATIONS),
    "dropout": st.floats(0, 0.95),
    "output_activation": st.sampled_from([None, *OUTPUT_ACTIVATIONS]),
    "bias": st.floats(-10, 10),
    "distribution": st.sampled_from(["uniform", "normal"]),
    "scale": st.floats(0, 10),
    "gain": st.floats(0, 10),
    # training
    "loss": st.sampled_from([None, *LOSSES]),
    "batch_size": st.integers(1, 1_000_000),
    "shuffle": st.booleans(),
    "balance_classes": st.booleans(),
    "learning_rate": st.floats(0, 1_000),
    "momentum": fractions,
    "decay": fractions,
    "beta1": fractions,
    "beta2": fractions,
    "epsilon": epsilons,
    "weight_decay": st.floats(0, 10),
    "gamma": st.floats(0, 1, exclude_min=True),
    "every": epochs,
    "epochs": epochs,
    "floor": st.floats(0, 1),
    "threshold": thresholds,
    "l1": st.floats(0, 100),
    "l2": st.floats(0, 100),
    "patience": epochs,
    "min_delta": st.floats(0, 10),
}


def members(models: tuple[type[BaseModel], ...]) -> Documents:
    """Documents of one of the kinds of a union, each field given or not."""
    return st.one_of([member(model) for model in models])


def member(model: type[BaseModel]) -> Documents:
    kind = model.model_fields["kind"].default
    fields = {name: FIELDS[name] for name in model.model_fields if name not in ("kind", "columns")}
    required: dict[str, st.SearchStrategy[Any]] = {"kind": st.just(kind)}
    if kind in COLUMNS:
        column = st.sampled_from(COLUMNS[kind])
        fields["columns"] = st.lists(column, min_size=2, max_size=2)
    if model is Points:
        points, dataset = fields.pop("points"), fields.pop("dataset")
        return st.one_of(
            st.fixed_dictionaries({**required, "points": points}, optional=fields),
            st.fixed_dictionaries({**required, "dataset": dataset}, optional=fields),
        )
    return st.fixed_dictionaries(required, optional=fields)


def optional(*names: str, **others: st.SearchStrategy[Any]) -> Documents:
    return st.fixed_dictionaries({}, optional={**{name: FIELDS[name] for name in names}, **others})


layers = optional("units", "activation", "dropout", kind=st.just("dense"))
data_documents = members(DATA_KINDS)
optimizer_documents = members(OPTIMIZERS)
networks = optional("output_activation", layers=st.lists(layers, max_size=8), init=members(INITIALIZERS))
trainings = optional(
    "loss",
    "batch_size",
    "shuffle",
    optimizer=optimizer_documents,
    schedule=members(SCHEDULES),
    regularization=optional("l1", "l2"),
    clipping=members(CLIPPINGS),
)


@st.composite
def experiment_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Valid Experiments as somebody may write them, from nothing at all to everything."""
    document = draw(optional(seed=seeds, data=data_documents, network=networks, training=trainings))
    data, training = document.get("data"), document.get("training")
    if isinstance(data, dict) and "validation_fraction" in data and isinstance(training, dict) and draw(st.booleans()):
        training["early_stopping"] = draw(optional("patience", "min_delta"))
    return document


def experiments() -> st.SearchStrategy[PlaneExperiment]:
    return experiment_documents().map(lambda document: parse_value(PlaneExperiment, document))
