"""Runs that want to train, first come first served: so many do, the others know their place."""

from app.runs.observer import Observer
from app.runs.run import Run


class Line:
    """See the module. Belongs to the scheduler's thread."""

    def __init__(self, most: int, observer: Observer) -> None:
        """At `most` so many train."""
        self._most = most
        self._observer = observer
        self.runs: list[Run] = []

    def place(self, run: Run) -> None:
        """The run finds its place, or leaves the line. A page's run that nobody watches gives way to all others."""
        if run.playing and run not in self.runs:
            self.runs.append(run)
        elif not run.playing and run in self.runs:
            self.runs.remove(run)
        for index, queued in enumerate(sorted(self.runs, key=lambda queued: queued.left)):
            place = max(0, index + 1 - self._most)
            if place != queued.place:
                queued.place = place
                self._observer.tell(queued)
