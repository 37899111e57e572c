"""Which of the runs are shown, and in which order: the address of the page, and a form on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Final
from urllib.parse import urlencode

from app.runs.collection import Listed
from app.storage.records import RunRow
from app.web.run_list import fitting, name_of

PAGE_SIZE = 60
_MOST = 100_000

_TROUBLE = ("diverged", "failed")
STATUSES: Final[Mapping[str, tuple[str, Callable[[RunRow], bool]]]] = {
    "training": ("Training", lambda row: row.playing),
    "paused": ("Paused", lambda row: not row.playing and row.status not in ("finished", *_TROUBLE)),
    "finished": ("Finished", lambda row: row.status == "finished"),
    "trouble": ("In trouble", lambda row: row.status in _TROUBLE),
}
"""What may be chosen: its label, and whether a run is meant by it."""
SORTS: Final[Mapping[str, tuple[str, Callable[[Listed], tuple[float | str, ...]]]]] = {
    "touched": ("Latest first", lambda run: (-run.row.touched.timestamp(),)),
    "name": ("By name", lambda run: (name_of(run).casefold(),)),
    "loss": ("Lowest loss first", lambda run: (inf if run.loss is None else run.loss,)),
    "size": ("Largest first", lambda run: (-run.row.bytes,)),
}


@dataclass(frozen=True)
class Choice:
    """See the module. What is not known is taken for what is usual."""

    search: str = ""
    tag: str = ""
    status: str = ""
    sort: str = "touched"
    shown: int = PAGE_SIZE
    bin: bool = False

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> "Choice":
        """What a query or a form says."""
        status, sort, shown = fields.get("status", ""), fields.get("sort", ""), fields.get("shown", "")
        return cls(
            search=fields.get("search", "").strip()[:200],
            tag=fields.get("tag", ""),
            status=status if status in STATUSES else "",
            sort=sort if sort in SORTS else "touched",
            shown=min(int(shown), _MOST) if shown.isascii() and shown.isdigit() else PAGE_SIZE,
            bin=fields.get("bin", "") == "true",
        )

    @property
    def narrows(self) -> bool:
        """Whether it may leave something out."""
        return bool(self.search or self.tag or self.status)

    @property
    def address(self) -> str:
        """Where the same is shown again."""
        usual = Choice()
        fields = {name: value for name, value in vars(self).items() if value != getattr(usual, name)}
        query = urlencode({name: "true" if value is True else value for name, value in fields.items()})
        return f"/runs?{query}" if query else "/runs"

    def more(self) -> "Choice":
        """With another page of them."""
        return replace(self, shown=self.shown + PAGE_SIZE)

    def of_these(self, runs: list[Listed]) -> list[Listed]:
        """All that fit, in order."""
        found = fitting(runs, self.search, self.tag)
        if self.status:
            _, meant = STATUSES[self.status]
            found = [run for run in found if meant(run.row)]
        return sorted(found, key=SORTS[self.sort][1])
