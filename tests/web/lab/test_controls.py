"""Controls say what the schema says, and what was refused."""

import pytest

from app.schemas.experiment import UNIONS, PlaneExperiment
from app.schemas.resolve import Problem, resolve
from app.web.lab.controls import Choice, Controls, Refusal, text_of

RESOLVED = resolve(PlaneExperiment(), Problem("classification", 2))


def test_bounds_and_hint_come_from_the_schema() -> None:
    control = Controls(RESOLVED).at("data.noise")
    assert (control.value, control.minimum, control.maximum) == ("0", "0", "50")
    assert "disturbed" in control.hint


def test_whole_numbers_step_by_one_and_fractions_by_anything() -> None:
    controls = Controls(RESOLVED)
    assert controls.at("training.batch_size").step == "1"
    assert controls.at("training.optimizer.learning_rate").step == "any"


@pytest.mark.parametrize("path", [path for path in UNIONS if path != "network.layers"])  # they are many
def test_a_union_offers_every_kind_by_its_title(path: str) -> None:
    control = Controls(RESOLVED).union(path)
    assert len(control.choices) == len(UNIONS[path])
    assert all(choice.label and choice.hint for choice in control.choices)
    assert control.value in {choice.value for choice in control.choices}


def test_parameters_are_all_fields_but_the_kind() -> None:
    paths = [control.path for control in Controls(RESOLVED).parameters("network.init")]
    assert paths == ["network.init.bias", "network.init.scale"]


def test_an_unusual_value_is_among_the_choices() -> None:
    control = Controls(RESOLVED).at("training.optimizer.learning_rate", choices=(Choice("1", "1"),))
    assert [choice.value for choice in control.choices] == ["1", "0.03"]


def test_a_refused_value_is_shown_with_what_is_wrong() -> None:
    refusal = Refusal({"data.noise": "99"}, {"data.noise": "too much"})
    control = Controls(RESOLVED, refusal).at("data.noise")
    assert (control.value, control.error) == ("99", "too much")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.03, "0.03"),
        (10.0, "10"),
        (1e-5, "0.00001"),
        (1e-10, "1e-10"),
        (0.0, "0"),
        (True, "true"),
        (None, ""),
        (7, "7"),
    ],
)
def test_numbers_are_written_without_needless_digits(value: object, text: str) -> None:
    assert text_of(value) == text
