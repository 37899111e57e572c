"""Changes that must be prepared: those of one run come one after the other, and nobody waits for another's run."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from app.runs.futures import Result, fulfil, pass_error, pass_on


class Preparer:
    """See the module. Safe from any thread."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "preparer")
        self._lock = Lock()
        self._waiting: dict[str, deque[Callable[[], None]]] = {}
        """By the id of a run, what is to be begun, from what is under way on."""

    def submit(self, run_id: str, begin: "Callable[[], Future[Result]]") -> "Future[Result]":
        """Has `begin` called in the preparer's thread, once what was begun before with the same run is done."""
        done: Future[Result] = Future()
        done.set_running_or_notify_cancel()  # from here on nobody can cancel it
        done.add_done_callback(lambda _: self._next(run_id))

        def start() -> None:
            begun: Future[Future[Result]] = Future()
            fulfil(begun, begin)
            if begun.exception():
                pass_error(begun, done)
            else:
                begun.result().add_done_callback(lambda future: pass_on(future, done))

        with self._lock:
            queue = self._waiting.setdefault(run_id, deque())
            queue.append(start)
            if len(queue) == 1:
                self._thread.submit(start)
        return done

    def _next(self, run_id: str) -> None:
        with self._lock:
            queue = self._waiting[run_id]
            queue.popleft()
            if queue:
                self._thread.submit(queue[0])
            else:
                del self._waiting[run_id]
