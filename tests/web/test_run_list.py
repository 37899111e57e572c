"""Which runs of a list fit what somebody looks for."""

from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from app.runs.collection import Listed
from app.schemas.run import RunDocument
from app.storage.records import RunRow
from app.web.run_list import fitting


def _no_document() -> RunDocument:
    raise AssertionError("nobody looks at a whole run to find it")


def _listed(run_id: str, *, name: str = "", notes: str = "", tags: tuple[str, ...] = (), **data: JsonValue) -> Listed:
    now = datetime.now(UTC)
    row = RunRow(
        id=run_id,
        visitor="somebody",
        record={},
        playing=False,
        status="paused",
        step=0,
        epoch=0,
        created=now,
        touched=now,
        name=name,
        notes=notes,
        tags=tags,
        share=None,
        deleted=None,
        bytes=0,
        thumbnail=None,
    )
    return Listed(row, {"data": data} if data else {}, None, "Paused.", _no_document)


RUNS = [
    _listed("a", name="Größe 100%", tags=("Spiral",)),
    _listed("b", notes="the GRÖSSE of\nall", tags=("spiral", "two words")),
    _listed("c", kind="moons"),
]


@pytest.mark.parametrize(
    ("search", "tag", "found"),
    [
        ("", "", "abc"),
        ("größe", "", "ab"),
        ("  all  grÖsse ", "", "b"),
        ("%", "", "a"),
        ("_", "", ""),
        ("nothing", "", ""),
        ("two words", "", "b"),
        ("moons", "", "c"),
        ("", "spiral", "b"),
        ("", "Spiral", "a"),
        ("", "two", ""),
        ("100", "spiral", ""),
    ],
)
def test_runs_are_found_by_words_and_tags(search: str, tag: str, found: str) -> None:
    assert [run.row.id for run in fitting(RUNS, search, tag)] == list(found)
