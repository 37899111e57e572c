"""Changes as tests need them: only what a test is about is given."""

from datetime import UTC, datetime

from app.storage.records import PutRun

ME = "local"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def put_run(run_id: str, **given: object) -> PutRun:
    """A paused run of this visitor, touched at noon."""
    values: dict[str, object] = {
        "visitor": ME,
        "record": {"revision": 1},
        "playing": False,
        "status": "paused",
        "step": 0,
        "epoch": 0,
        "touched": NOON,
    }
    return PutRun(run_id, **(values | given))  # pyright: ignore[reportArgumentType]
