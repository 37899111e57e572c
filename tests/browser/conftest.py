"""Chromium for the tests of the page: Debian's where it is installed, Playwright's own elsewhere.

`page` and its kin come from pytest-playwright; `page.goto("/")` opens the shared server.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import running_server

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",  # WebGL without a graphics card
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch options: the system's Chromium with quiet flags, if there is one."""
    if not CHROMIUM.exists():
        return browser_type_launch_args
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": list(FLAGS)}


@pytest.fixture(scope="session")
def base_url(server_url: str) -> str:
    """What addresses such as `page.goto("/")` are relative to."""
    return server_url


@pytest.fixture(scope="session")
def public_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server for several visitors: each context of a browser is one, and starts with nothing."""
    with running_server(tmp_path_factory.mktemp("public"), {"NNPLAY_SINGLE_USER": "false"}) as server:
        yield server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Options of each browser context: a laptop's window."""
    return {**browser_context_args, "viewport": {"width": 1280, "height": 800}}
