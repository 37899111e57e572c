"""Where log lines go and what they look like: stderr, for people at a terminal, or as one JSON object a line.

No line tells who did what: no address, no id of a visitor or a run, no query, no body. Who logs keeps to that.
"""

import logging
import sys

from pythonjsonlogger.json import JsonFormatter

_FOR_PEOPLE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_FOR_PROGRAMS = "{asctime}{levelname}{name}{message}"
_RENAMED = {"asctime": "time", "levelname": "level", "name": "logger", "exc_info": "traceback"}
_TIME = "%Y-%m-%dT%H:%M:%S%z"


def configure(*, as_json: bool | None) -> None:
    """Has all loggers write warnings and errors to stderr: as JSON where that is no terminal, if not told."""
    if as_json is None:
        as_json = not sys.stderr.isatty()
    handler = logging.StreamHandler()
    handler.setFormatter(
        JsonFormatter(_FOR_PROGRAMS, style="{", rename_fields=_RENAMED, datefmt=_TIME)
        if as_json
        else logging.Formatter(_FOR_PEOPLE)
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # Whatever a stranger may send is refused in words; that is nothing to tell the log.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    # The web server tells again, with less, what app.web.problems has told.
    logging.getLogger("uvicorn.error").addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith("Exception in ASGI application")
