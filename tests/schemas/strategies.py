"""Random documents of every kind, made from the models themselves: a new field without a strategy here is an error."""

from collections.abc import Mapping
from typing import Any, get_args

from hypothesis import strategies as st
from pydantic import BaseModel

from app.schemas.data import DATA_KINDS, FEATURES, MAX_SAMPLES, Points
from app.schemas.experiment import (
    UNIONS,
    Experiment,
    ExperimentBase,
    PictureExperiment,
    PictureFamily,
    PlaneExperiment,
    PlaneFamily,
    read_experiment,
    usual_kind,
)
from app.schemas.network import ACTIVATIONS, INITIALIZERS, OUTPUT_ACTIVATIONS
from app.schemas.picture_data import PICTURE_DATA_KINDS, Pictures
from app.schemas.picture_network import PICTURE_LAYERS
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

uploads = st.from_regex("[0-9a-f]{16,64}", fullmatch=True) | st.from_regex("[0-9]{9}e[0-9]{22}", fullmatch=True)

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
    "dataset": uploads,
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


# What has the same name, but other bounds or another meaning, where pictures are learnt.
PICTURE_FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    **FIELDS,
    # data
    "validation_fraction": st.floats(0.01, 0.19),
    "samples": st.none() | st.integers(20, MAX_SAMPLES),
    "classes": st.integers(3, 8),
    "task": st.sampled_from(["classification", "detection"]),
    "side": st.integers(16, 32),
    "position": st.floats(0, 1),
    "scale": st.floats(0, 1),
    "rotation": st.floats(0, 1),
    "colour": st.booleans(),
    "augmentation": st.fixed_dictionaries(
        {},
        optional={
            "copies": st.integers(0, 8),
            "shift": st.floats(0, 0.5),
            "rotate": st.floats(0, 180),
            "flip": st.booleans(),
            "noise": st.floats(0, 50),
        },
    ),
    # network
    "filters": st.integers(1, 64),
    "kernel": st.integers(1, 7),
    "stride": st.integers(1, 2),
    "padding": st.integers(0, 6),
    "dilation": st.integers(1, 4),
    "size": st.integers(2, 8),
    "rate": st.floats(0, 0.95),
    "units": st.integers(1, 256),
    # training
    "batch_size": st.integers(1, 256),
}


def members(models: tuple[type[BaseModel], ...], of: Mapping[str, st.SearchStrategy[Any]] = FIELDS) -> Documents:
    """Documents of one of the kinds of a union, each field given or not."""
    return st.one_of([member(model, of) for model in models])


def member(model: type[BaseModel], of: Mapping[str, st.SearchStrategy[Any]]) -> Documents:
    kind = model.model_fields["kind"].default
    fields = {name: of[name] for name in model.model_fields if name not in ("kind", "columns")}
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
    if model is Pictures:
        required["dataset"] = fields.pop("dataset")
    return st.fixed_dictionaries(required, optional=fields)


def optional(*names: str, **others: st.SearchStrategy[Any]) -> Documents:
    return st.fixed_dictionaries({}, optional={**{name: FIELDS[name] for name in names}, **others})


def networks(layers: Documents, most: int) -> Documents:
    return optional("output_activation", layers=st.lists(layers, max_size=most), init=members(INITIALIZERS))


def trainings(of: Mapping[str, st.SearchStrategy[Any]]) -> Documents:
    return optional(
        "loss",
        "shuffle",
        "balance_classes",
        batch_size=of["batch_size"],
        optimizer=optimizer_documents,
        schedule=members(SCHEDULES),
        regularization=optional("l1", "l2"),
        clipping=members(CLIPPINGS),
    )


optimizer_documents = members(OPTIMIZERS)
DATA: Mapping[type[ExperimentBase], Documents] = {
    PlaneExperiment: members(DATA_KINDS),
    PictureExperiment: members(PICTURE_DATA_KINDS, PICTURE_FIELDS),
}
NETWORKS: Mapping[type[ExperimentBase], Documents] = {
    PlaneExperiment: networks(optional("units", "activation", "dropout", kind=st.just("dense")), 8),
    PictureExperiment: networks(members(PICTURE_LAYERS, PICTURE_FIELDS), 8),
}
TRAININGS: Mapping[type[ExperimentBase], Documents] = {
    PlaneExperiment: trainings(FIELDS),
    PictureExperiment: trainings(PICTURE_FIELDS),
}
FAMILIES: Mapping[type[ExperimentBase], st.SearchStrategy[dict[str, str]]] = {
    PlaneExperiment: st.just(dict[str, str]()) | st.sampled_from([{"family": name} for name in get_args(PlaneFamily)]),
    PictureExperiment: st.sampled_from([{"family": name} for name in get_args(PictureFamily)]),
}


@st.composite
def experiment_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Valid Experiments of all forms as somebody may write them, from nothing at all to everything."""
    form = draw(st.sampled_from([PlaneExperiment, PictureExperiment]))
    parts = optional(seed=seeds, data=DATA[form], network=NETWORKS[form], training=TRAININGS[form])
    document: dict[str, Any] = {**draw(FAMILIES[form]), **draw(parts)}
    data, training = document.get("data"), document.get("training")
    if isinstance(data, dict) and "validation_fraction" in data and isinstance(training, dict) and draw(st.booleans()):
        training["early_stopping"] = draw(optional("patience", "min_delta"))
    for path in UNIONS:
        section, _, name = path.partition(".")
        part = document.get(section, {}).get(name) if name else document.get(section)
        if isinstance(part, dict) and part["kind"] == usual_kind(form, path) and draw(st.booleans()):
            del part["kind"]
    return document


def experiments() -> st.SearchStrategy[Experiment]:
    return experiment_documents().map(read_experiment)
