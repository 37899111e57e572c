"""A whole run as a file: it goes on elsewhere to the same bits, and whatever else is in a file is refused."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load, save

from app.data.table import parse_csv
from app.errors import InvalidInput, MalformedInput
from tests.data.pictures.cases import archive_of
from tests.runs.conftest import ServiceOf
from tests.runs.driver import TWO_LAYERS, VISITOR, Driver

KEY = "nn_playground_run"
Spoil = Callable[[dict[str, np.ndarray], dict[str, Any]], object]


@pytest.fixture
def file(driver: Driver) -> bytes:
    run = driver.compiled(TWO_LAYERS).id
    driver.play_until(run, epoch=10)
    driver.patch(run, {"training": {"optimizer": {"kind": "adam"}}})
    driver.play_until(run, epoch=25)
    return driver.service.shelf.save(run)


def _opened(content: bytes) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    length = int.from_bytes(content[:8], "little")
    return load(content), json.loads(json.loads(content[8 : 8 + length])["__metadata__"][KEY])


def test_run_goes_on_from_its_file_to_the_same_bits(driver: Driver, file: bytes, service_of: ServiceOf) -> None:
    [original] = driver.listed()
    driver.play_until(original.id, epoch=40)
    with service_of() as other:
        run = other.service.shelf.load(file, "a pupil")
        other.until(run.id, lambda run: run.status == "paused")
        assert (run.epoch, run.id != original.id) == (25, True)
        assert other.service.access(run.id, "a pupil") == "owner"
        other.play_until(run.id, epoch=40)
        assert other.parameters(run.id) == driver.parameters(original.id)
        assert other.service.history(run.id).rows == driver.service.history(original.id).rows
        assert other.service.journal(run.id).result(5) == driver.service.journal(original.id).result(5)


def test_upload_comes_along(driver: Driver, service_of: ServiceOf) -> None:
    table = parse_csv("x,y,label\n0,1,red\n1,0,blue\n1,1,red\n0,0,blue\n")
    upload = driver.service.shelf.datasets.put(table, VISITOR)
    run = driver.compiled({"data": {"kind": "points", "dataset": upload}}).id
    driver.tell(run, "step", unit="epoch", count=2)
    file = driver.service.shelf.save(run)
    with service_of() as other:
        copy = other.service.shelf.load(file, VISITOR).id
        other.until(copy, lambda run: run.status == "paused")
        other.tell(copy, "step", unit="epoch")
        driver.tell(run, "step", unit="epoch")
        assert other.parameters(copy) == driver.parameters(run)


def test_pictures_come_along(driver: Driver, service_of: ServiceOf) -> None:
    upload = driver.service.shelf.datasets.put(archive_of(12, 12), VISITOR)
    data = {"kind": "pictures", "dataset": upload, "side": 8}
    run = driver.compiled({"family": "cnn", "data": data, "network": {"layers": [{"kind": "flatten"}]}}).id
    driver.tell(run, "step", unit="epoch")
    file = driver.service.shelf.save(run)
    with service_of() as other:
        copy = other.service.shelf.load(file, VISITOR).id
        assert other.service.shelf.datasets.pictures(upload).digest() == upload
        other.until(copy, lambda run: run.status == "paused")
        other.tell(copy, "step", unit="epoch")
        driver.tell(run, "step", unit="epoch")
        assert other.parameters(copy) == driver.parameters(run)


SPOILT: dict[str, Spoil] = {
    "no history": lambda tensors, _: tensors.pop("history"),
    "history of another shape": lambda tensors, _: tensors.update(history=np.zeros((3, 2))),
    "history out of order": lambda tensors, _: tensors.update(history=tensors["history"][::-1].copy()),
    "a tensor too few": lambda tensors, _: tensors.pop(".clock.step"),
    "a tensor too many": lambda tensors, _: tensors.update(more=np.zeros(3)),
    "a clock beyond the data": lambda tensors, _: tensors.update({".clock.position": np.array(10**6, np.int32)}),
    "no speed": lambda _, run: run["record"]["document"].update(speed=0),
    "a step beyond all numbers": lambda _, run: run["journal"][0].update(step=10**30),
    "a change that is no number": lambda _, run: run["journal"][0].update(change={"training": float("nan")}),
    "more rows than anybody records": lambda tensors, _: tensors.update(history=np.zeros((60_000, 9))),
    "another network": lambda _, run: run["record"]["document"]["experiment"].update(network={"layers": []}),
    "pictures that are none": lambda tensors, _: tensors.update(pictures=np.zeros(9, np.uint8)),
    "an unknown field": lambda _, run: run["record"].update(more=1),
    "a later version": lambda _, run: run.update(version=2),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
def test_file_that_does_not_fit_is_refused_and_leaves_nothing(driver: Driver, file: bytes, spoil: Spoil) -> None:
    tensors, run = _opened(file)
    spoil(tensors, run)
    before = len(driver.listed())
    with pytest.raises(InvalidInput):
        driver.service.shelf.load(save(tensors, {KEY: json.dumps(run)}), VISITOR)
    assert len(driver.listed()) == before


def test_run_from_a_file_has_an_id_of_its_own(driver: Driver, file: bytes) -> None:
    tensors, run = _opened(file)
    run["record"]["document"]["id"] = "../../etc"
    assert driver.service.shelf.load(save(tensors, {KEY: json.dumps(run)}), VISITOR).id.isalnum()


@pytest.mark.parametrize("content", [b"", b"{}", save({"weight": np.zeros(3)}), save({}, {KEY: "nonsense"})])
def test_what_is_no_run_is_refused(driver: Driver, content: bytes) -> None:
    with pytest.raises(MalformedInput):
        driver.service.shelf.load(content, VISITOR)
