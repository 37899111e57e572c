"""What other threads have the scheduler's thread do."""

from collections.abc import Callable
from queue import Empty, SimpleQueue

Job = Callable[[], None]


class Jobs:
    """See the module. `put` is safe from any thread, all else belongs to the scheduler's."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Job] = SimpleQueue()
        self.over = False
        """Whether nobody will look for jobs any more."""

    def put(self, job: Job) -> None:
        """Has it done soon."""
        self._queue.put(job)
        if self.over:  # perhaps only after the thread had looked for jobs a last time
            self.do()

    def do(self) -> None:
        """Does all there are."""
        while True:
            try:
                job = self._queue.get_nowait()
            except Empty:
                return
            job()

    def wait(self, seconds: float) -> None:
        """Waits for one that long at most, and does it."""
        try:
            job = self._queue.get(timeout=seconds)
        except Empty:
            return
        job()
