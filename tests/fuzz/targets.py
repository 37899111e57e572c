"""What is fuzzed: every reader of text or bytes that strangers send, with the inputs it gets.

A reader may give a value or raise a PlaygroundError, and nothing else; where it has an inverse, that is tried, too.
"""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import strategies as st

from app.data.table import Table, parse_csv
from app.engine.setup import NoUploads, build_setup
from app.presets.library import presets
from app.runs.run import Run
from app.runs.subscription import Subscription
from app.schemas.command import Command
from app.schemas.document import parse
from app.schemas.experiment import UNIONS, PlaneExperiment, parse_experiment, read_experiment
from app.schemas.frame import FRAME_PARTS
from app.schemas.patch import apply_patch, difference
from app.schemas.picture_data import Augmentation, Cifar10, Mnist
from app.schemas.url import from_query, to_query
from app.web.body import json_object
from app.web.lab.own_points import preview_of
from app.web.lab.view import address_of, split_query
from tests.fuzz import strategies as fuzz
from tests.schemas.strategies import experiment_documents


@dataclass(frozen=True)
class Target:
    """One reader."""

    name: str
    inputs: st.SearchStrategy[Any]
    read: Callable[[Any], object]
    """Takes one input. What it raises besides PlaygroundError is a defect."""
    share: int
    """Its inputs for every hundred of all."""


# ---- good inputs ----------------------------------------------------------------------------------------------------

_FIELDS = sorted(
    {
        *PlaneExperiment.model_fields,
        *Augmentation.model_fields,
        *(name for kinds in UNIONS.values() for kind in kinds for name in kind.model_fields),
    }
    | {"layers", "init", "optimizer", "schedule", "clipping", "regularization", "early_stopping", "units", "activation"}
)
_DOCUMENTS = [preset.experiment.given() for preset in presets()]
_EXPERIMENTS = st.sampled_from(_DOCUMENTS) | experiment_documents()
FETCHED = (Mnist, Cifar10)
"""Data that comes from elsewhere and may be long in coming: read, but not asked for."""
_COUNTS = st.integers(-1, 200_000)


def _command(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(kind), **fields})


_COMMANDS = st.one_of(
    *(_command(kind) for kind in ("play", "pause", "reset", "undo", "redo")),
    _command("play", until=st.dictionaries(st.sampled_from(["epoch", "step"]), _COUNTS, min_size=1)),
    _command("rewind", epoch=_COUNTS) | _command("rewind", step=_COUNTS),
    _command("step", unit=st.sampled_from(["sample", "batch", "epoch"]), count=_COUNTS),
    _command("speed", epochs_per_second=st.none() | st.floats(-1, 2e6)),
    _command(
        "edit",
        layer=st.integers(-1, 9),
        parameter=st.sampled_from(["weight", "bias"]),
        index=st.lists(st.integers(-1, 9), max_size=3),
        value=st.floats(-1e6, 1e6),
    ),
)
_QUERIES = [to_query(preset.experiment) for preset in presets()]
_VIEWS = ["view.test_points=true&view.charts=loss,weights", "view.hide=data.noise,training&seed=3", "view.charts="]
_QUERY_WORDS = [f"{field}=" for field in _FIELDS] + [
    *("data.", "network.layers.", "training.", "view.", "network.layers.0.", "=", "&", ",", ";", "null", "[]", "{}"),
    *("view.charts=", "view.hide=", "view.test_points=", "%", "%2C", "%00", "%ED%A0%80", "0", "1e3", "-1", "true"),
]
_CSV_WORDS = [
    "x,y,label\n",
    "target",
    "label",
    ",",
    ";",
    "\t",
    "|",
    " ",
    "\n",
    "\r",
    '"',
    "1",
    "-1",
    "1e5",
    "0,5",
    ".5",
]
_RUNS = ("0123456789ab", "fedcba987654")
_ID_WORDS = [*_RUNS, "-", ".", "0", "1", "12", "9" * 12, "9" * 13, "0" * 60, "\u0661", "a"]


@st.composite
def _tables(draw: st.DrawFn) -> str:
    """CSV as spreadsheets and programs write it."""
    delimiter, end = draw(st.sampled_from([",", ";", "\t", "|", " "])), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    many = [f"c{index}" for index in range(12)]
    labels = draw(st.sampled_from([["red", "blue"], ["0", "1", "2"], ["0.5", "-3", "1e-7"], many]))
    number = st.integers(-99, 99).map(str) | st.floats(-10, 10).map(str)
    rows = draw(st.lists(st.tuples(number, number, st.sampled_from(labels)), max_size=12))
    header = draw(st.sampled_from([(), ("x", "y", "label"), ("a", "b", "target"), ("größe", "Ω", "κ")]))
    return end.join(delimiter.join(row) for row in (header, *rows) if row)


TABLES = _tables() | fuzz.mutated(_tables(), _CSV_WORDS) | fuzz.of_tokens(_CSV_WORDS) | fuzz.anything
_ADDRESSES = (
    fuzz.mutated(st.sampled_from(_QUERIES + _VIEWS), _QUERY_WORDS) | fuzz.of_tokens(_QUERY_WORDS) | fuzz.anything
)
_IDS = (
    fuzz.mutated(st.just(".".join(f"{run}-0-3-250" for run in _RUNS)), _ID_WORDS)
    | fuzz.of_tokens(_ID_WORDS)
    | fuzz.anything
)


def _bytes_of(good: st.SearchStrategy[dict[str, Any]], words: Sequence[str]) -> st.SearchStrategy[bytes]:
    """JSON of documents that were good before they were spoilt, as values and as text."""
    texts = fuzz.spoilt(good, words).map(json.dumps)
    return st.one_of(
        good.map(json.dumps).map(str.encode),
        texts.map(str.encode),
        fuzz.mutated(texts, words).map(fuzz.to_bytes),
        fuzz.anything.map(fuzz.to_bytes),
        st.binary(),
    )


# ---- readers --------------------------------------------------------------------------------------------------------


def _table(text: str) -> None:
    table = parse_csv(text)
    assert Table.from_json(table.to_json()).to_json() == table.to_json()


def _experiment(text: bytes) -> None:
    experiment = parse_experiment(text)
    assert from_query(to_query(experiment)) == experiment
    if not isinstance(experiment.data, FETCHED):
        build_setup(experiment, NoUploads())


def _address(query: str) -> None:
    experiment = from_query(_received(query))
    assert from_query(to_query(experiment)) == experiment


def _view(query: str) -> None:
    view, _ = split_query(_received(query))
    assert split_query(address_of(PlaneExperiment(), view).removeprefix("/?").removeprefix("/"))[0] == view


def _received(query: str) -> str:
    """A query as the server gets it: bytes, one character for each."""
    return fuzz.to_bytes(query).decode("latin-1")


def _patch(inputs: tuple[dict[str, Any], bytes]) -> None:
    document, text = inputs
    old = read_experiment(document)
    new = apply_patch(old, json_object(text))
    assert apply_patch(old, difference(old, new)) == new


def _resume(last_event_id: str) -> None:
    runs = [cast(Run, SimpleNamespace(id=run)) for run in _RUNS]
    Subscription(runs, frozenset(FRAME_PARTS), last_event_id, gzip=False, watcher="", refresh=lambda run: Future())


TARGETS = (
    Target("CSV", TABLES, _table, 25),
    Target("own points", TABLES, preview_of, 5),
    Target("URL state", _ADDRESSES, _address, 18),
    Target("URL view", _ADDRESSES, _view, 10),
    Target("experiments", _bytes_of(_EXPERIMENTS, _FIELDS), _experiment, 12),
    Target("merge patches", st.tuples(_EXPERIMENTS, _bytes_of(_EXPERIMENTS, _FIELDS)), _patch, 8),
    Target("commands", _bytes_of(_COMMANDS, ["type", "until", "unit", "count"]), lambda text: parse(Command, text), 5),
    Target("resume ids", _IDS, _resume, 12),
)
