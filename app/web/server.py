"""The web server: one process, one event loop, quick to say where it listens and quick to end."""

import os
import signal
import socket
from collections.abc import Callable

import uvicorn

from app import logs
from app.errors import FieldError, InvalidInput
from app.settings import settings
from app.web.origin import is_loopback

# Streams and long waits end by themselves at once (app.web.shutdown); this is the net for whatever does not.
GRACE_SECONDS = 2
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def serve(application: str, host: str, port: int, announce: Callable[[str], None]) -> bool:
    """Serve the application that the function named `application` (`module:function`) makes, until a signal comes.

    Where nobody but this machine can reach it, it is a server for a single user, unless the environment says otherwise.
    Calls `announce` with the server's address once it listens. Returns False where the application could not start,
    which is logged. Raises InvalidInput where it cannot listen there.
    """
    os.environ.setdefault("NNPLAY_SINGLE_USER", str(is_loopback(host)))
    logs.configure(as_json=settings().json_log)
    listener = _bound(host, port)
    config = uvicorn.Config(
        application,
        factory=True,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    # Whatever told it to end, uvicorn passes it on when it has shut down; SIGTERM is to have no other end than Ctrl+C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = _AnnouncedServer(config, announce)
    try:
        server.run([listener])
    except KeyboardInterrupt:
        return True
    finally:
        listener.close()
    return server.started


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
