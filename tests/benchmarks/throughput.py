"""Training throughput of the whole engine against peers on the same work, in the same run."""

from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from app.engine import xla
from app.engine.program import Program
from app.engine.setup import build_setup
from app.engine.trainer import Trainer
from app.families.registry import family_of
from app.storage.datasets import DatasetStore
from app.storage.store import Store
from tests.benchmarks.peers import peers
from tests.benchmarks.report import Table
from tests.benchmarks.work import SAMPLES, WORKS, Work

ROUNDS = 5
SECONDS = 1.0
EPOCHS = 5_000
"""Epochs of one measurement, from step 0, with history recorded."""


def measure() -> Table:
    """Medians over rounds in which all take turns, so that a busy machine is unfair to all alike."""
    table = Table(
        "Training throughput, samples per second",
        ("network", "who", "samples/s", "× NumPy by hand", "× the reference's engine", "wanted"),
    )
    with TemporaryDirectory() as cache, closing(Store(f"sqlite:///{cache}/playground.db")) as store:
        xla.configure(Path(cache))
        for work in WORKS:
            engine = _Engine(work, DatasetStore(store))
            rates: dict[str, list[float]] = {}
            for _ in range(ROUNDS):
                for name, peer in peers().items():
                    rates.setdefault(name, []).append(peer(work, SECONDS))
                rates.setdefault("NN Playground", []).append(engine.rate())
            by_hand = median(rates["NumPy by hand"])
            for name, values in rates.items():
                rate = median(values)
                ratio = rate / by_hand
                ours = name == "NN Playground"
                table.add(
                    work.name,
                    name,
                    f"{rate / 1e6:.3f} M",
                    f"{ratio:.1f}",
                    f"{ratio / work.reference_over_numpy:.2f}",
                    f"≥ {work.floor:.0f}" if ours else "",
                )
    return table


class _Engine:
    """Our engine, compiled for one work."""

    def __init__(self, work: Work, datasets: DatasetStore) -> None:
        self._setup = build_setup(work.experiment, datasets)
        self._family = family_of(work.experiment.family)
        self._program = Program(self._family, self._setup)
        self._program.compile_advance()

    def rate(self) -> float:
        """Samples per second over the first EPOCHS epochs."""
        trainer = Trainer(self._setup)
        began = perf_counter()
        trainer.advance(self._program, EPOCHS * trainer.batches_per_epoch)
        return EPOCHS * SAMPLES / (perf_counter() - began)
