"""A comparison: runs of one Experiment that differ in one field, made together.

An optimiser race varies `training.optimizer.kind`, several seeds vary `seed`; any other field will do.
"""

from typing import Annotated

from pydantic import Field, JsonValue

from app.errors import InvalidInput
from app.schemas.document import Document
from app.schemas.experiment import Experiment, PlaneExperiment
from app.schemas.patch import apply_patch, patch_at

MOST_RUNS = 8
"""So many runs are compared with each other."""
MOST_SEEDS = 16
"""So many, where they differ in their seeds alone."""
SEEDS = ("seed", "data.seed")

Values = Annotated[tuple[JsonValue, ...], Field(min_length=2, max_length=MOST_SEEDS)]


class Comparison(Document):
    """Runs of one Experiment that differ in one field."""

    experiment: Experiment = PlaneExperiment()
    """What they have in common."""
    vary: dict[str, Values] = Field(min_length=1, max_length=1)
    """The path of the field, its steps joined by dots, and its values: one run for each."""

    def experiments(self) -> tuple[Experiment, ...]:
        """One for each value. Raises InvalidInput with the path of each bad field."""
        ((path, values),) = self.vary.items()
        check_size(len(values), seeds_alone=path in SEEDS)
        return tuple(apply_patch(self.experiment, patch_at(self.experiment, {path: value})) for value in values)


def check_size(runs: int, *, seeds_alone: bool) -> None:
    """Raises InvalidInput for more runs than can be compared."""
    if runs > (MOST_SEEDS if seeds_alone else MOST_RUNS):
        message = f"at most {MOST_RUNS} can be compared, or {MOST_SEEDS} that differ in their seeds alone"
        raise InvalidInput.at("runs", message)
