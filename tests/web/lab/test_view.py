"""How somebody looks at an Experiment stands in the address, beside the Experiment."""

import pytest

from app.errors import InvalidInput
from app.schemas.experiment import PlaneExperiment
from app.web.lab.view import View, address_of, split_query


def test_an_address_without_a_view_is_left_as_it_is() -> None:
    assert split_query("data.points=1,1,0;2,2,1") == (View(), "data.points=1,1,0;2,2,1")


def test_a_view_goes_into_the_address_and_comes_back() -> None:
    view = View(test_points=True, charts=("loss", "surface"), hide=("data.noise", "play"))
    address = address_of(PlaneExperiment(seed=4), view)
    assert address == "/?seed=4&view.test_points=true&view.charts=loss,surface&view.hide=data.noise,play"
    assert split_query(address.removeprefix("/?")) == (view, "seed=4")


def test_no_chart_is_a_choice_too() -> None:
    assert split_query("view.charts=")[0] == View(charts=())
    assert address_of(PlaneExperiment(), View(charts=())) == "/?view.charts="


def test_a_section_can_be_hidden_as_one() -> None:
    assert split_query("view.hide=training.regularization")[0].hide == ("training.regularization",)


@pytest.mark.parametrize("field", ["view.charts=pie", "view.discretise=perhaps", "view.colour=red", "view.hide=lunch"])
def test_a_view_that_cannot_be_read_names_its_field(field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        split_query(field)
    assert caught.value.errors[0].path.startswith(field.partition("=")[0])
