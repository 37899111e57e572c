"""Programs outlive the process that compiled them, and only what determines them is asked."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from time import sleep, time

import grimp
import jax
import numpy as np
import pytest

from app.engine import xla
from app.engine.kept import SOURCES, Kept, ProgramFolder
from app.engine.packing import Packing
from app.engine.program import Program
from app.engine.setup import NoUploads, build_setup
from app.engine.trainer import Trainer
from app.families.base import Setup
from app.families.registry import family_of
from app.schemas.experiment import read_experiment
from tests.engine.cases import CACHE

EXPERIMENTS = {
    "points": {"network": {"layers": [{"units": 3}]}},
    "pictures": {"family": "cnn", "network": {"layers": [{"kind": "conv2d", "filters": 2}, {"kind": "flatten"}]}},
}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An empty cache, for this test alone."""
    xla.configure(tmp_path)
    yield tmp_path / "programs"
    xla.configure(CACHE)


def trained(setup: Setup) -> tuple[bytes, bytes]:
    """The bits of what is learnt in some steps, and of what is seen then."""
    program, trainer = Program(family_of(setup.experiment.family), setup), Trainer(setup)
    program.compile_observe()
    program.compile_advance()
    trainer.advance(program, 40)
    xla.settle()
    learner = [leaf.tobytes() for leaf in jax.tree.leaves(trainer.checkpoint().state.learner)]
    return b"".join(learner), np.asarray(trainer.observe(program).sums).tobytes()


def _not_traced(*_: object) -> None:
    raise AssertionError("this was kept, and need not be traced")


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_what_is_kept_does_the_same_bit_for_bit_and_traces_nothing(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = build_setup(read_experiment(EXPERIMENTS[name]), NoUploads())
    first = trained(setup)
    assert len(list(folder.glob("*/*"))) == 2
    family = type(family_of(setup.experiment.family))
    for traced in ("step", "observe"):
        monkeypatch.setattr(family, traced, _not_traced)
    assert trained(setup) == first


def test_a_broken_file_is_compiled_again(folder: Path) -> None:
    setup = build_setup(read_experiment(EXPERIMENTS["points"]), NoUploads())
    first = trained(setup)
    for path in folder.glob("*/*"):
        path.write_bytes(path.read_bytes()[:1000])
    assert trained(setup) == first
    assert all(path.stat().st_size > 1000 for path in folder.glob("*/*")), "and mended"


def test_a_program_is_found_by_its_key_alone(tmp_path: Path) -> None:
    programs = ProgramFolder(tmp_path)
    call = jax.jit(lambda x: x + 1).lower(np.float32(0)).compile()
    programs.keep(("one", 1), Kept(call, Packing(np.float32(0))))
    assert programs.fetched(("one", 2)) is None
    kept = ProgramFolder(tmp_path).fetched(("one", 1))
    assert kept is not None
    assert kept.call(np.float32(2)) == 3


def test_a_folder_that_cannot_be_written_hinders_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    xla.configure(tmp_path / "file")
    try:
        trained(build_setup(read_experiment(EXPERIMENTS["points"]), NoUploads()))
    finally:
        xla.configure(CACHE)


def test_a_large_program_is_kept_once_nobody_is_held_up_by_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = Event()
    busy.set()
    monkeypatch.setattr(xla, "_LARGE", 0)
    xla.configure(tmp_path, busy=busy.is_set)
    try:
        setup = build_setup(read_experiment(EXPERIMENTS["points"]), NoUploads())
        program = Program(family_of(setup.experiment.family), setup)
        program.compile_observe()
        program.compile_advance()
        sleep(0.3)
        assert not program.kept
        busy.clear()
        xla.settle()
        assert program.kept
    finally:
        xla.configure(CACHE)


def test_programs_of_other_versions_go_after_a_day(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    os.utime(old, (0, time() - 2 * 24 * 3600))
    ProgramFolder(tmp_path)
    assert not old.exists()
    assert new.exists()


def test_programs_are_made_from_the_sources_that_their_fingerprint_covers() -> None:
    imports = grimp.build_graph("app")
    modules = {name for package in SOURCES for name in imports.find_upstream_modules(f"app.{package}", as_package=True)}
    others = {name.split(".")[1] for name in modules} - set(SOURCES)
    assert others == {"errors", "processes", "settings"}, "of which no program is made"
