"""Signals end whatever waits, then do what they did before."""

import asyncio
import signal
import threading
from collections.abc import Generator
from types import FrameType

import anyio
import pytest

from app.web.shutdown import Shutdown, called_on_signals


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def heard() -> Generator[list[int]]:
    """The signals that the handler which was there before has got."""
    numbers: list[int] = []

    def handler(number: int, frame: FrameType | None) -> None:
        numbers.append(number)

    previous = signal.signal(signal.SIGTERM, handler)
    yield numbers
    signal.signal(signal.SIGTERM, previous)


@pytest.mark.anyio
async def test_signal_reaches_the_callback_and_the_previous_handler(heard: list[int]) -> None:
    called = asyncio.Event()
    with called_on_signals(called.set), anyio.fail_after(5):
        signal.raise_signal(signal.SIGTERM)
        await called.wait()
    assert heard == [signal.SIGTERM]
    signal.raise_signal(signal.SIGTERM)
    assert heard == [signal.SIGTERM] * 2


def test_outside_the_main_thread_nothing_is_installed(heard: list[int]) -> None:
    before = signal.getsignal(signal.SIGTERM)
    found: list[object] = []

    def look() -> None:
        with called_on_signals(lambda: None):
            found.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [before]


@pytest.mark.anyio
async def test_scopes_are_left_when_the_end_begins() -> None:
    shutdown = Shutdown()
    asyncio.get_running_loop().call_later(0.01, shutdown.begin)
    with anyio.fail_after(5), shutdown.scope() as scope:
        await anyio.sleep_forever()
    assert scope.cancelled_caught


@pytest.mark.anyio
async def test_scopes_entered_after_the_end_has_begun_are_left_at_once() -> None:
    shutdown = Shutdown()
    shutdown.begin()
    with anyio.fail_after(5), shutdown.scope() as scope:
        await anyio.sleep_forever()
    assert scope.cancelled_caught


@pytest.mark.anyio
async def test_scope_that_ends_by_itself_is_not_left() -> None:
    shutdown = Shutdown()
    with shutdown.scope() as scope:
        await anyio.lowlevel.checkpoint()
    shutdown.begin()
    assert not scope.cancelled_caught
