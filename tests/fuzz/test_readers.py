"""Whatever is read: a value or a refusal in words, soon. `make fuzz` tries far more of it."""

import pytest

from tests.fuzz.runner import fuzz
from tests.fuzz.targets import TARGETS, Target

INPUTS = 250


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_reader_gives_a_value_or_a_refusal_in_words(target: Target) -> None:
    outcome = fuzz(target, INPUTS)
    assert 0 < outcome.accepted <= outcome.inputs
