"""Every error that a person may read, as one tree.

Each carries a sentence for that person and, where input was bad, the path of each bad field. The web layer turns
them into RFC 9457 problem details, the command line into a line on stderr.

    PlaygroundError
    ├── InvalidInput          what was sent cannot be used
    │   └── MalformedInput    what was sent cannot even be read
    ├── NotFound              no such run, dataset or route
    ├── Forbidden             it may be looked at, but not changed
    ├── Conflict              the run, or the sweep, cannot do that in its present state
    ├── TooLarge              the body is larger than the limit
    ├── LimitReached          a limit of this server was reached; trying again later may help
    └── ComputationFailed     the run stopped because of a fault of the server
"""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class FieldError:
    """One bad field: where (`training.batch_size`, `line 3, column 2`) and what is wrong with it."""

    path: str
    message: str


class PlaygroundError(Exception):
    """Base of the tree. `title` names the kind of error, `status` is the HTTP status that stands for it."""

    title = "Something went wrong"
    slug = "error"
    status = 500

    def __init__(self, detail: str, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors


class InvalidInput(PlaygroundError):
    """A document, file or number that breaks the rules; `errors` names each bad field."""

    title = "The input is not valid"
    slug = "invalid-input"
    status = 422

    @classmethod
    def at(cls, path: str, message: str) -> Self:
        """The error of one bad field: its path, and what is wrong with it, without the full stop."""
        return cls(f"{path}: {message}.", (FieldError(path, message),))


class MalformedInput(InvalidInput):
    """Text that is not JSON, CSV or whatever was announced."""

    title = "The input cannot be read"
    slug = "malformed-input"
    status = 400


class NotFound(PlaygroundError):
    """Nothing lives under this id or address."""

    title = "Not found"
    slug = "not-found"
    status = 404


class Forbidden(PlaygroundError):
    """What is asked for is not allowed: a change by somebody who may only look, or by a page of another site."""

    title = "This is not allowed"
    slug = "forbidden"
    status = 403


class Conflict(PlaygroundError):
    """The run, or the sweep, cannot do what was asked in its present state."""

    title = "This cannot be done now"
    slug = "conflict"
    status = 409


class TooLarge(PlaygroundError):
    """The request's body exceeds the limit."""

    title = "The request is too large"
    slug = "too-large"
    status = 413


class LimitReached(PlaygroundError):
    """A limit of this server; trying again later may help."""

    title = "A limit was reached"
    slug = "limit-reached"
    status = 429

    def __init__(self, detail: str, *, retry_after: int | None = None) -> None:
        """`retry_after` is the number of seconds after which trying again helps, where that is known."""
        super().__init__(detail)
        self.retry_after = retry_after


class ComputationFailed(PlaygroundError):
    """The server failed to compile or run a program."""

    title = "The computation failed"
    slug = "computation-failed"
    status = 500
