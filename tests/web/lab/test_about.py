"""Every control of the page tells what it is and what to try; and each can be left out."""

import re

import pytest
from fastapi.testclient import TestClient

from app.schemas.experiment import UNIONS
from app.schemas.picture_network import PICTURE_LAYERS
from app.web.lab.about import ABOUT, GLOSSARY, OF_PICTURES, OFTEN_HIDDEN, TERMS, key_of

# Between them these show every control that there is.
EXPERIMENTS = [
    "",
    "data.kind=rings&data.validation_fraction=0.2&training.early_stopping.patience=9&training.schedule.kind=step",
    "data.kind=iris",
    "data.kind=points&data.points=1,1,0;2,2,1;3,1,0;4,4,1",
    *(
        f"{path}.kind={model.model_fields['kind'].default}"
        for path, models in UNIONS.items()
        if path not in ("data", "network.layers")
        for model in models
    ),
    "family=cnn&data.augmentation.copies=1",
    "family=cnn&data.kind=shapes&data.task=detection",
    "family=cnn&network.layers.0.kind=residual&network.layers.1.kind=batch_norm&network.layers.2.kind=max_pool"
    "&network.layers.3.kind=flatten&network.layers.4.kind=dropout",
    "family=cnn",
    "family=cnn&data.kind=shapes&network.layers.0.kind=max_pool&network.layers.1.kind=residual"
    "&network.layers.2.kind=dropout&network.layers.3.kind=flatten",
]
# What a control of a name of its own is on the page.
ELEMENTS = {
    "play": 'id="play"',
    "step": 'id="step"',
    "reset": 'id="reset"',
    "speed": 'id="speed"',
    "time_line": 'id="time-line"',
    "undo": 'id="undo"',
    "presets": 'id="open-gallery"',
    "test_points": 'id="show-test"',
    "discretise": 'id="discretise"',
    "paint": 'id="paint"',
    "data.points": 'popovertarget="p-own"',
    "layers": 'id="layer-add"',
    "diagnosis": 'id="diagnosis"',
}


def lab_of(client: TestClient, query: str) -> str:
    """The part of the page that follows from the experiment."""
    page = client.get(f"/?{query}")
    assert page.status_code == 200
    return page.text.partition('id="lab"')[2].partition('id="about-title"')[0]


def fields(html: str) -> set[str]:
    """The keys of all fields that have a control."""
    names = set(re.findall(r'(?<![\w-])name="([^"]+)"', html))
    return {key_of(name) for name in names if "." in name or name in ("seed", "problem")}


@pytest.fixture(scope="module")
def texts() -> list[str]:
    abouts = (*ABOUT.values(), *TERMS.values(), *OF_PICTURES.values())
    return [text for about in abouts for text in (about.what, about.to_try)]


def test_every_control_has_a_text_and_a_button_for_it(client: TestClient) -> None:
    shown: set[str] = set()
    for query in EXPERIMENTS:
        html = lab_of(client, query)
        told = set(re.findall(r'data-about="([^"]+)"', html))
        beside_others = {"data.points", "problem", "data.kind", "data.task"}  # the panel's own button tells of these
        missing = fields(html) - told - beside_others
        assert not missing, f"no button tells about {missing}"
        assert told <= set(ABOUT) | set(TERMS)
        shown |= told | fields(html)
    assert shown | {"data.points", "data.colour"} >= set(ABOUT)  # these want something uploaded


def test_texts_are_short_and_whole_sentences(texts: list[str]) -> None:
    for text in texts:
        assert text.endswith((".", "?")), text
        assert len(text) < 260, text


def test_the_lab_of_pictures_speaks_of_pictures() -> None:
    assert set(OF_PICTURES) <= set(ABOUT)
    for about in OF_PICTURES.values():
        assert not re.search(r"\bpoints?\b|spiral|circle", f"{about.what} {about.to_try}"), about.name


def test_every_kind_of_layer_is_explained_and_stands_in_the_glossary(client: TestClient) -> None:
    assert {f"layer.{model.model_fields['kind'].default}" for model in PICTURE_LAYERS} <= set(GLOSSARY)
    glossary = client.get("/").text.partition('class="glossary"')[2].partition("</details>")[0]
    for key in GLOSSARY:
        assert {**ABOUT, **TERMS}[key].name in glossary


def controls(html: str) -> set[str]:
    """The keys of all that has a control, or a button that tells about it, apart from what stands in a panel's head."""
    buttons = set(re.findall(r'data-about="([^"]+)"', html)) - {"features", "data.kind", "charts"}
    elements = {key for key, element in ELEMENTS.items() if element in html}
    return (buttons | elements | fields(html) - {"features", "data.seed"}) & set(ABOUT)


@pytest.mark.e2e  # renders the lab a hundred times
def test_every_control_can_be_left_out(client: TestClient) -> None:
    shown = {query: controls(lab_of(client, query)) for query in EXPERIMENTS}
    for key in set[str]().union(*shown.values()):
        query = next(query for query, keys in shown.items() if key in keys)
        assert key not in controls(lab_of(client, f"{query}&view.hide={key}")), key


@pytest.mark.parametrize("query", EXPERIMENTS[:4])
def test_all_controls_can_be_left_out_at_once(client: TestClient, query: str) -> None:
    assert not controls(lab_of(client, f"{query}&view.hide={','.join(ABOUT)}"))


def test_what_is_often_hidden_can_be_hidden() -> None:
    assert {key for _, keys in OFTEN_HIDDEN for key in keys} <= set(ABOUT)


def test_an_unknown_control_is_told(client: TestClient) -> None:
    page = client.get("/?view.hide=play,lunch")
    assert page.status_code == 422
    assert "no control is called lunch" in page.text
