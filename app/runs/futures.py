"""Results that wait for other results."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from app.errors import ComputationFailed, PlaygroundError

Result = TypeVar("Result")
_logger = logging.getLogger(__name__)


def after(future: "Future[Result]", then: "Callable[[], Future[None]]") -> "Future[Result]":
    """The same result, once what `then` begins with it is done, too. Nobody can cancel it."""
    done: Future[Result] = Future()
    done.set_running_or_notify_cancel()

    def finished(_: object) -> None:
        if future.cancelled():
            done.set_exception(ending())
        elif error := future.exception():
            done.set_exception(error)
        else:
            then().add_done_callback(settled)

    def settled(other: "Future[None]") -> None:
        if error := other.exception():
            done.set_exception(error)
        else:
            done.set_result(future.result())

    future.add_done_callback(finished)
    return done


def fulfil(done: "Future[Result]", job: Callable[[], Result]) -> None:
    """Does the job, and tells what came of it."""
    try:
        result = job()
    except PlaygroundError as error:
        done.set_exception(error)
    except Exception as error:
        _logger.exception("a job failed")
        done.set_exception(ComputationFailed(f"The server failed: {type(error).__name__}."))
    else:
        done.set_result(result)


def ending() -> ComputationFailed:
    """What those are told who wait when the server ends."""
    return ComputationFailed("The server is about to end.")


def pass_on(future: "Future[Result]", done: "Future[Result]") -> None:
    """Has `done` end as `future` did."""
    if error := future.exception():
        done.set_exception(error)
    else:
        done.set_result(future.result())


def pass_error(future: "Future[Any]", done: "Future[Result]") -> None:
    """Has `done` fail as `future` did, if it did."""
    error = future.exception()
    if error is not None and not done.done():
        done.set_exception(error)
