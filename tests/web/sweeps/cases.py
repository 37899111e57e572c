"""Sweeps as the service tells them, for tests of pages that train nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime

from app.schemas.document import parse_value
from app.schemas.sweep import Sweep, SweepDocument, Trial

RATE = "training.optimizer.learning_rate"
ACTIVATION = "network.layers.0.activation"


def sweep(space: Mapping[str, object], **fields: object) -> Sweep:
    """A sweep of the default Experiment."""
    return parse_value(Sweep, {"space": space, **fields})


def finished(index: int, values: Mapping[str, object], loss: float) -> Trial:
    """A trial that has come to its end."""
    metrics = {"train": {"loss": loss, "accuracy": 0.5}, "validation": None, "test": {"loss": loss, "accuracy": 0.5}}
    return parse_value(
        Trial, {"index": index, "values": values, "status": "finished", "epoch": 100, "metrics": metrics}
    )


def told(of: Sweep, trials: list[Trial], *, best: int | None = None) -> SweepDocument:
    """The sweep with these trials."""
    return SweepDocument(
        id="abc",
        created=datetime(2026, 1, 2, tzinfo=UTC),
        status="finished",
        message="",
        sweep=of,
        trials=tuple(trials),
        done=len(trials),
        total=len(trials),
        best=best,
        seconds_left=None,
    )
