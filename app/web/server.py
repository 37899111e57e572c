"""The web server: one process, one event loop, quick to say where it listens and quick to end."""

import socket
from collections.abc import Callable

import uvicorn

from app.errors import FieldError, InvalidInput

# Streams and long waits end by themselves at once (app.web.shutdown); this is the net for whatever does not.
GRACE_SECONDS = 2
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def serve(application: str, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve the application that the function named `application` (`module:function`) makes, until a signal comes.

    Calls `announce` with the server's address once it listens. Raises InvalidInput where it cannot listen there.
    """
    listener = _bound(host, port)
    config = uvicorn.Config(
        application,
        factory=True,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    try:
        _AnnouncedServer(config, announce).run([listener])
    except KeyboardInterrupt:
        pass  # uvicorn has shut down and passes Ctrl+C on
    finally:
        listener.close()


class _AnnouncedServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[str], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            host: str = WILDCARDS.get(host, host)
            self._announce(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")


def _bound(host: str, port: int) -> socket.socket:
    """A socket that has its address but does not listen yet: whoever connects before the server is ready is refused."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        message = f"cannot listen at {host}, port {port}: {error.strerror or error}"
        raise InvalidInput(f"{message}.", (FieldError("port", message),)) from None
    return listener
