"""The end of the server: whatever waits or streams without end learns of it at once.

The web server waits for open responses before it ends, and an event stream never ends by itself. So the signals that
stop the server first leave every scope in which something waits.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

from anyio import CancelScope

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Shutdown:
    """The scopes that are left when the server begins to end. Lives in the event loop's thread."""

    def __init__(self) -> None:
        self._scopes: set[CancelScope] = set()
        self._begun = False

    @contextmanager
    def scope(self) -> Generator[CancelScope]:
        """A block that is left when the server begins to end; `cancelled_caught` tells whether it was."""
        with CancelScope() as scope:
            self._scopes.add(scope)
            if self._begun:
                scope.cancel()
            try:
                yield scope
            finally:
                self._scopes.discard(scope)

    def begin(self) -> None:
        """Leave all scopes, now and whenever one is entered."""
        self._begun = True
        for scope in tuple(self._scopes):
            scope.cancel("the server ends")


@contextmanager
def called_on_signals(callback: Callable[[], None]) -> Generator[None]:
    """While entered, SIGINT and SIGTERM have the running event loop call `callback`, then do what they did before.

    Does nothing outside the main thread, where Python allows no handlers (tests run the application there).
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    previous = {number: handler for number in SIGNALS if callable(handler := signal.getsignal(number))}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(callback)
        previous[signal.Signals(number)](number, frame)

    for number in previous:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
