"""What tests of training share: set-ups from JSON as a visitor would write it, and programs, each compiled once."""

from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
from pydantic import BaseModel

from app.engine import xla
from app.engine.program import Program
from app.engine.setup import NoUploads, build_setup
from app.engine.trainer import Metrics, Trainer
from app.families.base import PlaneSetup, Setup, Tree
from app.families.registry import family_of
from app.schemas.document import parse_value
from app.schemas.experiment import Experiment, PlaneExperiment, read_experiment
from app.schemas.patch import apply_patch
from app.settings import Settings

CACHE = Settings().cache_dir
_programs: dict[Hashable, Program] = {}


def experiment(**document: object) -> PlaneExperiment:
    return parse_value(PlaneExperiment, document)


def setup(**document: object) -> PlaneSetup:
    return build_setup(experiment(**document), NoUploads())


def setup_of(document: Mapping[str, Any]) -> Setup:
    """Of an Experiment of any form."""
    return build_setup(read_experiment(document), NoUploads())


def patched(base: Experiment, patch: Mapping[str, Any], old: Setup | None = None) -> Setup:
    """What a merge patch makes of an Experiment, keeping of `old` what did not change."""
    return build_setup(apply_patch(base, dict(patch)), NoUploads(), old)


def kinds(models: Iterable[type[BaseModel]]) -> list[str]:
    """The names under which the models of a union are chosen."""
    return [model.model_fields["kind"].default for model in models]


def layers(*units: int, **fields: object) -> list[dict[str, object]]:
    """Hidden layers of these sizes, alike in everything else."""
    return [{"units": count, **fields} for count in units]


def program(for_setup: Setup, *, observes: bool = False) -> Program:
    """The compiled program of a set-up; `observe` only where it is asked for."""
    _configure()
    family = family_of(for_setup.experiment.family)
    key = (family.name, family.signature(for_setup))
    known = _programs.setdefault(key, Program(family, for_setup))
    if known.advance is None:
        known.compile_advance()
    if observes and known.observe is None:
        known.compile_observe()
    return known


def trainer(**document: object) -> Trainer:
    """A trainer at step 0."""
    return Trainer(setup_of(document))


def metrics(of: Trainer) -> Metrics:
    """Exact for the parameters that it holds now."""
    return of.metrics(np.asarray(observed(of).sums))


def observed(of: Trainer) -> Tree:
    """What its family shows of it."""
    return of.observe(program(of.setup, observes=True))


@cache
def _configure() -> None:
    xla.configure(CACHE)
