"""Any sequence of changes, in any batches, leaves what a few dictionaries would hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.storage.records import Change, DropCheckpoint, PutCheckpoint, PutHistory, PutJournal, PutRun, PutThumbnail
from app.storage.store import Store
from tests.storage.changes import ME, put_run

RUNS = st.sampled_from(("a", "b", "c"))
BYTES = st.binary(max_size=8)
ENTRIES = st.lists(st.tuples(st.integers(0, 9), st.dictionaries(st.text(max_size=3), st.integers())), max_size=3)
CHANGES = st.one_of(
    st.builds(put_run, RUNS, step=st.integers(0, 99), playing=st.booleans()),
    st.builds(PutJournal, RUNS, keep=st.integers(0, 4), entries=ENTRIES.map(tuple)),
    st.builds(PutCheckpoint, RUNS, st.integers(0, 99), BYTES),
    st.builds(DropCheckpoint, RUNS),
    st.builds(PutHistory, RUNS, st.just(0), BYTES, anew=st.booleans()),
    st.builds(PutThumbnail, RUNS, st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=3)),
)
BATCHES = st.lists(st.one_of(st.lists(CHANGES, max_size=12), st.lists(RUNS, max_size=2)), max_size=8)


@dataclass
class Known:
    """A run in memory."""

    put: PutRun
    journal: list[Any] = field(default_factory=list[Any])
    checkpoint: bytes | None = None
    history: list[bytes] = field(default_factory=list[bytes])
    thumbnail: str | None = None

    def make(self, change: Change) -> None:
        """The same change, one at a time."""
        match change:
            case PutRun():
                self.put = change
            case PutJournal():
                self.journal[change.keep :] = change.entries
            case PutCheckpoint():
                self.checkpoint = change.state
            case DropCheckpoint():
                self.checkpoint = None
            case PutHistory():
                self.history = [*([] if change.anew else self.history), change.rows]
            case PutThumbnail():
                self.thumbnail = change.thumbnail


def make_all(known: dict[str, Known], changes: Sequence[Change]) -> list[Change]:
    """Makes the changes that make sense, which are returned: no gaps in journals, nothing before a run is there."""
    made: list[Change] = []
    for change in changes:
        run_id = change.id if isinstance(change, PutRun) else change.run_id
        if isinstance(change, PutRun):
            known.setdefault(run_id, Known(change))
        elif run_id not in known:
            continue
        if isinstance(change, PutJournal):
            change = replace(change, keep=min(change.keep, len(known[run_id].journal)))
        known[run_id].make(change)
        made.append(change)
    return made


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=BATCHES)
def test_the_store_holds_what_dictionaries_would(store: Store, batches: list[list[Change] | list[str]]) -> None:
    store.purge(["a", "b", "c"])
    known: dict[str, Known] = {}
    for batch in batches:
        purged = [item for item in batch if isinstance(item, str)]
        store.purge(purged)
        for run_id in purged:
            known.pop(run_id, None)
        store.write(make_all(known, [item for item in batch if not isinstance(item, str)]))
    assert {row.id for row in store.runs(ME)} == set(known)
    assert store.playing() == sorted(run_id for run_id, run in known.items() if run.put.playing)
    for run_id, run in known.items():
        row = store.run(run_id)
        assert row
        assert (row.step, row.thumbnail) == (run.put.step, run.thumbnail)
        assert store.journal(run_id) == run.journal
        assert store.checkpoint(run_id) == run.checkpoint
        assert store.history(run_id) == run.history
        assert row.bytes == len('{"revision":1}') + len(run.checkpoint or b"") + len(b"".join(run.history))
