"""Explanations of a run as it stands, from any thread: they wait for what they need, and spoil nothing for others."""

from typing import Any

import numpy as np
import pytest

from app.engine.program import Program
from app.errors import ComputationFailed, InvalidInput
from app.runs import umap
from app.schemas.document import parse_value
from app.schemas.experiment import PictureExperiment
from app.schemas.explain import (
    AnyExplanation,
    AttributionExplanation,
    MapsExplanation,
    Question,
    UmapExplanation,
    UnitExplanation,
)
from tests.probes.unpacking import unpack
from tests.runs.driver import PATIENCE_SECONDS, VISITOR, Driver

SMALL: dict[str, Any] = {
    "family": "cnn",
    "data": {"kind": "digits", "samples": 60},
    "network": {"layers": [{"kind": "conv2d", "filters": 2}, {"kind": "flatten"}]},
}


def create(driver: Driver, **network: object) -> str:
    experiment = {**SMALL, "network": {**SMALL["network"], **network}}
    return driver.service.create(parse_value(PictureExperiment, experiment), visitor=VISITOR).id


def ask(driver: Driver, run_id: str, *, picture: np.ndarray | None = None, **fields: object) -> AnyExplanation:
    question = parse_value(Question, fields)
    return driver.service.explaining.explain(run_id, question, picture).result(PATIENCE_SECONDS)


def test_it_waits_for_the_compiler_and_tells_of_the_run_as_it_is(driver: Driver) -> None:
    run = create(driver)
    first = ask(driver, run, kind="maps", row=3)
    assert isinstance(first, MapsExplanation)
    inputs = driver.service.data(run).inputs[3:4]
    (outputs,) = driver.service.predict(run, inputs).result(PATIENCE_SECONDS)
    np.testing.assert_allclose(unpack(first.layers[-1].output), outputs, rtol=1e-5)
    driver.tell(run, "step", unit="batch", count=2)
    later = ask(driver, run, kind="unit", row=3, layer=0, channel=1, y=2, x=2)
    assert isinstance(later, UnitExplanation)
    again = ask(driver, run, kind="maps", row=3, layer=0)
    assert isinstance(again, MapsExplanation)
    assert later.value == pytest.approx(float(unpack(again.layers[0].output)[1, 2, 2]), abs=1e-5)
    assert not np.array_equal(unpack(again.layers[0].output), unpack(first.layers[0].output))


def test_a_picture_that_is_sent_is_explained_like_one_of_the_runs(driver: Driver) -> None:
    run = create(driver)
    picture = driver.service.data(run).inputs[5]
    sent, own = ask(driver, run, kind="maps", picture=picture), ask(driver, run, kind="maps", row=5)
    assert isinstance(sent, MapsExplanation)
    assert isinstance(own, MapsExplanation)
    assert (sent.row, sent.label, sent.layers) == (None, None, own.layers)
    with pytest.raises(InvalidInput) as refused:
        ask(driver, run, kind="maps", picture=picture[1:])
    assert [error.path for error in refused.value.errors] == ["picture"]


def test_a_lens_is_compiled_once_when_somebody_asks_for_gradients(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[Program] = []
    compile_lens = Program.compile_lens

    def counted(program: Program) -> None:
        compiled.append(program)
        compile_lens(program)

    monkeypatch.setattr(Program, "compile_lens", counted)
    run = create(driver, layers=[{"kind": "conv2d", "filters": 3}, {"kind": "flatten"}])
    ask(driver, run, kind="occlusion", row=1)
    assert not compiled
    for kind in ("saliency", "integrated_gradients", "grad_cam"):
        reply = ask(driver, run, kind=kind, row=1, class_index=2)
        assert isinstance(reply, AttributionExplanation)
        assert (reply.kind, reply.class_index) == (kind, 2)
        assert unpack(reply.strength).shape == (8, 8)
    assert compiled == [driver.inside(run).program]


def test_a_lens_that_cannot_be_compiled_fails_the_question_and_not_the_run(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Program) -> None:
        raise RuntimeError("no memory")

    run = create(driver, layers=[{"kind": "conv2d", "filters": 4}, {"kind": "flatten"}])
    with monkeypatch.context() as patched:
        patched.setattr(Program, "compile_lens", fail)
        with pytest.raises(ComputationFailed, match="no memory"):
            ask(driver, run, kind="saliency", row=0)
    driver.tell(run, "step", unit="batch", count=1)
    assert driver.look(run).status == "paused"
    assert isinstance(ask(driver, run, kind="saliency", row=0), AttributionExplanation)


def test_umap_shows_what_the_output_layer_sees_of_all_parts(driver: Driver, umap_stand_in: None) -> None:
    run = create(driver)
    driver.tell(run, "step", unit="epoch", count=2)
    first = ask(driver, run, kind="umap")
    assert isinstance(first, UmapExplanation)
    assert (first.epoch, first.rows) == (2, tuple(range(60)))
    labels = driver.service.data(run).labels
    np.testing.assert_array_equal(unpack(first.labels), labels)
    flattened = [ask(driver, run, kind="maps", row=row, layer=1) for row in (0, 59)]
    for row, maps in zip((0, 59), flattened, strict=True):
        assert isinstance(maps, MapsExplanation)
        np.testing.assert_allclose(unpack(first.points)[row], unpack(maps.layers[0].output)[:2], atol=1e-5)
    assert ask(driver, run, kind="umap") == first


def test_who_asks_for_umap_while_it_is_computed_is_given_the_same(driver: Driver, umap_stand_in: None) -> None:
    run, other = create(driver), create(driver)
    question = Question(kind="umap")
    asked = [driver.service.explaining.explain(name, question) for name in (run, run, other)]
    first, second, third = (future.result(PATIENCE_SECONDS) for future in asked)
    assert first is second
    assert third is not first


def test_without_umap_learn_there_is_no_umap(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(umap, "find_spec", dict[str, object]().get)  # finds nothing
    with pytest.raises(InvalidInput, match=r"kind: UMAP needs umap-learn on the server: pip install umap-learn\."):
        ask(driver, create(driver), kind="umap")


def test_a_run_that_learns_from_points_has_no_pictures_to_explain(driver: Driver) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask(driver, driver.create().id, kind="maps", row=0)
    assert [error.path for error in refused.value.errors] == ["kind"]
