"""Every preset shows what its words say: it is trained, and so is what it suggests to try."""

from pathlib import Path

import pytest

from app.engine import xla
from app.presets.library import ORDER, ROOM, preset_of, presets, thumbnail
from app.presets.preset import Preset
from app.presets.thumbnails import PICTURES, POINTS, SIDE, draw
from app.presets.training import Gym, misses
from app.schemas.url import from_query, to_query
from tests.engine.cases import CACHE

EACH = [pytest.param(preset, id=preset.id) for preset in presets()]


@pytest.fixture(scope="module")
def gym() -> Gym:
    """Shared, so that each program is compiled once."""
    xla.configure(CACHE)
    return Gym()


@pytest.mark.e2e  # as long as all the rest of the unit part
@pytest.mark.parametrize("preset", EACH)
def test_training_shows_what_is_said(preset: Preset, gym: Gym) -> None:
    assert misses(gym.train(preset.experiment, preset.epochs), preset.outcome) == []


@pytest.mark.e2e
@pytest.mark.parametrize("preset", EACH)
def test_trying_what_is_suggested_leads_where_it_says(preset: Preset, gym: Gym) -> None:
    assert preset.suggested != preset.experiment
    assert misses(gym.train(preset.suggested, preset.epochs), preset.suggestion.outcome) == []


@pytest.mark.parametrize("preset", EACH)
def test_the_thumbnail_is_of_this_very_experiment(preset: Preset) -> None:
    drawn = thumbnail(preset.id)
    assert drawn.digest == preset.digest, "run `make thumbnails`"
    if drawn.pictures:
        assert drawn.pictures["shape"][0] == PICTURES
        return
    assert drawn.boundary
    assert drawn.points
    maps = [part for name, part in drawn.boundary.items() if not name.endswith("_range")]
    assert all(part["shape"] == [SIDE, SIDE] for part in maps)
    assert 0 < len(drawn.points["points"]) <= POINTS


@pytest.mark.e2e
def test_a_thumbnail_shows_the_run_that_it_is_drawn_from(gym: Gym) -> None:
    preset = presets()[0]
    drawn = draw(preset, gym.train(preset.experiment, preset.epochs))
    kept = thumbnail(preset.id)
    assert drawn.points == kept.points
    assert drawn.metrics["test_accuracy"] == kept.metrics["test_accuracy"]


@pytest.mark.parametrize("preset", EACH)
def test_an_address_can_hold_it_and_is_recognised(preset: Preset) -> None:
    experiment = from_query(to_query(preset.experiment))
    assert preset_of(experiment) == preset
    assert preset_of(preset.suggested) != preset


def test_every_document_of_the_library_is_listed_once_under_its_name() -> None:
    stems = sorted(path.stem for path in Path(ROOM / "library").iterdir())
    assert stems == sorted(ORDER) == sorted(preset.id for preset in presets())
    assert sorted(path.stem for path in Path(ROOM / "thumbnails").iterdir()) == stems
    assert len({preset.title for preset in presets()}) == len(ORDER) >= 18


def test_a_missed_outcome_is_told_in_words(gym: Gym) -> None:
    neuron, xor = presets()[:2]
    trained = gym.train(xor.experiment, 5)
    told = misses(trained, neuron.outcome.model_copy(update={"ends": "diverged"}))
    assert told[0] == "ends trained instead of diverged"
    assert told[1].startswith("test_accuracy is 0.")
    assert told[1].endswith("not above 0.97")
