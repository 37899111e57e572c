"""Convolutional networks: training throughput beside PyTorch's on the same work, and what they reach in which time."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from app.engine import xla
from app.engine.program import Program
from app.engine.setup import NoUploads, build_setup
from app.engine.trainer import Trainer
from app.families.base import Setup
from app.families.registry import family_of
from app.schemas.experiment import read_experiment
from tests.benchmarks.report import Table

_ROUNDS = 5
_SECONDS = 1.5
_SEEDS = range(5)
SMALL_CNN: dict[str, Any] = {
    "family": "cnn",
    "network": {
        "layers": [
            {"kind": "conv2d", "filters": 8, "kernel": 3, "padding": 1},
            {"kind": "max_pool"},
            {"kind": "conv2d", "filters": 16, "kernel": 3, "padding": 1},
            {"kind": "max_pool"},
            {"kind": "flatten"},
        ]
    },
    "training": {"optimizer": {"kind": "adam", "learning_rate": 0.001}},
}
"""On 8 × 8 digits, batches of 32."""
_OUTCOMES: tuple[tuple[str, dict[str, Any], int, str, float], ...] = (
    ("LeNet on digits", {"family": "cnn"}, 40, "accuracy", 0.98),
    ("LeNet on shapes", {"family": "cnn", "data": {"kind": "shapes"}}, 40, "accuracy", 0.99),
    ("LeNet, class and box", {"family": "cnn", "data": {"kind": "shapes", "task": "detection"}}, 80, "mean_iou", 0.85),
)
"""A title, an Experiment, its epochs, and what its test part is to reach."""


def throughput() -> Table:
    """Updates a second, medians over rounds in which all take turns on one core."""
    table = Table("Training a small CNN on 8 × 8 digits, steps per second", ("who", "steps/s", "× PyTorch", "wanted"))
    with TemporaryDirectory() as cache, _one_core():
        xla.configure(Path(cache))
        setup = build_setup(read_experiment(SMALL_CNN), NoUploads())
        who: dict[str, Callable[[], float]] = {"NN Playground, losses of every epoch kept": _engine(setup)}
        if find_spec("torch"):
            who["PyTorch eager, 1 thread, no losses kept"] = _torch(setup)
        rates: dict[str, list[float]] = {}
        for _ in range(_ROUNDS):
            for name, rate in who.items():
                rates.setdefault(name, []).append(rate())
    peer = median(rates.get("PyTorch eager, 1 thread, no losses kept", [float("nan")]))
    for name, values in rates.items():
        ours = name.startswith("NN Playground")
        table.add(name, f"{median(values):,.0f}", f"{median(values) / peer:.2f}", "≥ 3" if ours else "")
    return table


def outcomes() -> Table:
    """What five seeds reach on the test part, and how long one takes, its compile included."""
    table = Table(
        "What networks for pictures reach", ("task", "epochs", "seconds", "median of 5 seeds", "worst", "wanted")
    )
    for title, document, epochs, measure, wanted in _OUTCOMES:
        with TemporaryDirectory() as cache:
            xla.configure(Path(cache))
            reached, seconds = zip(
                *(_trained({**document, "seed": seed}, epochs, measure) for seed in _SEEDS), strict=True
            )
        table.add(
            title,
            str(epochs),
            f"{max(seconds):.0f}",
            f"{measure.replace('_', ' ')} {median(reached):.4f}",
            f"{min(reached):.4f}",
            f"≥ {wanted}",
        )
    return table


def _trained(document: dict[str, Any], epochs: int, measure: str) -> tuple[float, float]:
    began = perf_counter()
    setup = build_setup(read_experiment(document), NoUploads())
    trainer, program = Trainer(setup), Program(family_of(setup.experiment.family), setup)
    program.compile_observe()
    program.compile_advance()
    trainer.advance(program, trainer.steps_until(epochs))
    test = trainer.metrics(np.asarray(trainer.observe(program).sums))["test"]
    assert test is not None, "there is a test part"
    return test[measure] or 0.0, perf_counter() - began


def _engine(setup: Setup) -> Callable[[], float]:
    program = Program(family_of(setup.experiment.family), setup)
    program.compile_advance()
    trainer = Trainer(setup)

    def rate() -> float:
        began, start = perf_counter(), trainer.step
        while perf_counter() - began < _SECONDS:
            trainer.advance(program, trainer.batches_per_epoch)
        return (trainer.step - start) / (perf_counter() - began)

    return rate


def _torch(setup: Setup) -> Callable[[], float]:
    torch: Any = import_module("torch")  # an optional extra, which type checkers need not find
    torch.set_num_threads(1)
    train = setup.prepared.counts[0]
    inputs = torch.from_numpy(setup.prepared.inputs[:train].reshape(-1, *setup.prepared.shape))
    labels = torch.from_numpy(setup.prepared.labels[:train].astype(np.int64))
    nn = torch.nn
    model = nn.Sequential(
        *(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(64, 10)),
    )
    optimizer, loss_of = torch.optim.Adam(model.parameters(), lr=0.001), nn.CrossEntropyLoss()

    def rate() -> float:
        began, steps = perf_counter(), 0
        while perf_counter() - began < _SECONDS:
            for rows in torch.randperm(train).split(setup.experiment.training.batch_size):
                optimizer.zero_grad()
                loss_of(model(inputs[rows]), labels[rows]).backward()
                optimizer.step()
                steps += 1
        return steps / (perf_counter() - began)

    return rate


@contextmanager
def _one_core() -> Generator[None]:
    """Both have one core, where the system lets them be told."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
