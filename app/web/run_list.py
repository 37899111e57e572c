"""What a run in a list is called, and which runs fit what somebody looks for: by REST and on the page alike."""

from functools import lru_cache

from pydantic_core import to_json

from app.runs.collection import Listed
from app.schemas.experiment import parse_experiment
from app.web.lab.titles import description_of, title_of


def fitting(runs: list[Listed], search: str, tag: str) -> list[Listed]:
    """Those that have the tag, and each word of `search` somewhere in name, notes, tags or title."""
    words = search.casefold().split()
    tagged = [run for run in runs if not tag or tag in run.row.tags]
    return [run for run in tagged if all(word in _texts(run) for word in words)] if words else tagged


def name_of(run: Listed) -> str:
    """What somebody has called it, or what its Experiment is called."""
    return run.row.name or titles_of(run)[0]


def titles_of(run: Listed) -> tuple[str, str]:
    """What its Experiment is called, and what it is: the same, unless it is a preset's."""
    return _titles(to_json(run.experiment))


def kind_of(run: Listed) -> str:
    """The kind of data that it learns from."""
    return _kind(to_json(run.experiment))


@lru_cache(20_000)
def _kind(experiment: bytes) -> str:
    return parse_experiment(experiment).data.kind


@lru_cache(20_000)
def _titles(experiment: bytes) -> tuple[str, str]:
    parsed = parse_experiment(experiment)
    return title_of(parsed), description_of(parsed)


def _texts(run: Listed) -> str:
    return "\n".join((run.row.name, run.row.notes, *run.row.tags, *titles_of(run))).casefold()
