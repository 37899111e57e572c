"""Chromium for the tests of the page: Debian's where it is installed, Playwright's own elsewhere.

`page` and its kin come from pytest-playwright; `page.goto("/")` opens the shared server. The profile that `page` is in
is kept and made to forget, since a page takes three times as long to open in a new one (`browser.new_context`).
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, BrowserType, Page

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
    environment = {"NNPLAY_SINGLE_USER": "false", "NNPLAY_WARM_UP": "false"}
    with running_server(tmp_path_factory.mktemp("public"), environment) as server:
        yield server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Options of each browser context: a laptop's window."""
    return {**browser_context_args, "viewport": {"width": 1280, "height": 800}}


@pytest.fixture(scope="session")
def profile(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    browser_context_args: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], BrowserContext]]:
    """The profile for a server, with its scripts as they were compiled and a process that is warm."""
    options: dict[str, Any] = browser_type_launch_args | browser_context_args
    options["args"] = [*options.get("args", []), "--process-per-site"]

    @cache
    def profile(base_url: str) -> BrowserContext:
        folder = tmp_path_factory.mktemp("profile")
        context = browser_type.launch_persistent_context(folder, **dict[str, Any](options, base_url=base_url))
        context.pages[0].goto("/static/icons/mark.svg")  # stays open, and with it the site's process
        return stack.enter_context(context)

    with ExitStack() as stack:
        yield profile


@contextmanager
def _emptied(context: BrowserContext) -> Generator[BrowserContext]:
    """The profile, which has forgotten afterwards whatever a page or a test can leave in it."""
    yield context
    for page in context.pages[1:]:
        page.close()
    context.set_storage_state({})
    context.clear_permissions()
    context.unroute_all()


@pytest.fixture
def context(profile: Callable[[str], BrowserContext], base_url: str) -> Iterator[BrowserContext]:
    """Somebody new to the shared server."""
    with _emptied(profile(base_url)) as context:
        yield context


@pytest.fixture
def public_page(profile: Callable[[str], BrowserContext], public_url: str) -> Iterator[Page]:
    """Somebody new to the server for several visitors."""
    with _emptied(profile(public_url)) as context:
        yield context.new_page()
