"""The parts of the data in words: which samples are for training, validation and testing."""

from collections.abc import Mapping

from app.data.dataset import Prepared
from app.schemas.run import PARTS, Part

PART_TITLES: Mapping[Part, str] = {"train": "Training", "validation": "Validation", "test": "Test"}


def part_counts(prepared: Prepared) -> tuple[tuple[str, int], ...]:
    """How many samples each part has, without empty parts."""
    return tuple((PART_TITLES[part], count) for part, count in zip(PARTS, prepared.counts, strict=True) if count)
