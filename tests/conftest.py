"""What every test shares: the four parts of the suite, their order, and the real server.

Nothing here imports `app`: jaxtyping hooks into its import to check shapes, and only what comes later is checked.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from platformdirs import user_cache_path

from tests.databases import CHOICE, KINDS, database_url, postgresql_everywhere
from tests.postgres import Cluster, Unavailable, shared_cluster
from tests.servers import PYTHON_PATH, STAND_INS, running_server

if TYPE_CHECKING:
    from app.storage.store import Store

TESTS = Path(__file__).parent
# In the order they run in, with the folders that are theirs; all others are units.
PARTS = {
    "unit": (),
    "training": ("diagnosis", "engine", "families", "nn", "probes", "runs"),
    "e2e": ("e2e", "fuzz"),
    "browser": ("browser",),
}
# Whoever wants units alone need not wait for the import of these.
NO_UNITS = {TESTS / folder for folders in PARTS.values() for folder in folders}
# Starting the server may take READY_WITHIN_SECONDS, and counts to the first test's time.
SECONDS_WITH_A_SERVER = 240

# Tests and the servers that they start share their compiled programs; those of the user’s own server are left alone.
os.environ.setdefault("NNPLAY_CACHE_DIR", str(user_cache_path("nn-playground") / "tests"))

# The same examples everywhere, and no clock: how long one takes says more about the machine than about the code.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=KINDS,
        default=os.environ.get(CHOICE, KINDS[0]),
        help=f"where servers and stores under test keep their data (default: {CHOICE}, or {KINDS[0]})",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return (config.option.markexpr == "unit" and collection_path in NO_UNITS) or None


def pytest_itemcollected(item: pytest.Item) -> None:
    part = _part(item)
    item.add_marker(part)
    if part in ("e2e", "browser") and not item.get_closest_marker("timeout"):
        item.add_marker(pytest.mark.timeout(SECONDS_WITH_A_SERVER))


@pytest.hookimpl(trylast=True)  # after pytest-randomly has shuffled: the order within each part stays random
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: list(PARTS).index(_part(item)))


def _part(item: pytest.Item) -> str:
    if "[postgresql" in item.name:
        return "e2e"  # another server
    marked = next((part for part in PARTS if item.get_closest_marker(part)), None)
    folder = item.path.relative_to(TESTS).parts[0]
    return marked or next((part for part, folders in PARTS.items() if folder in folders), "unit")


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL that all workers share. Without one, tests that want it are skipped; in CI they fail."""
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    capture: Any = request.config.pluginmanager.getplugin("capturemanager")

    def say(words: str) -> None:
        with capture.global_and_fixture_disabled():
            sys.stderr.write(f"\n{words}\n")

    try:
        with shared_cluster(folder, say) as cluster:
            yield cluster
    except Unavailable as problem:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(problem))


@pytest.fixture(scope="session", autouse=True)
def _database(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.config.getoption("--database") == "postgresql":
        with postgresql_everywhere(request.getfixturevalue("cluster")):
            yield
    else:
        yield


@pytest.fixture
def new_store(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Callable[[], Store]]":
    """Makes empty stores, which are closed when the test is done."""
    from app.settings import Settings
    from app.storage.store import open_store

    def opened() -> "Store":
        folder = tmp_path_factory.mktemp("store")
        settings = Settings(data_dir=folder, database_url=database_url(folder))
        return stores.enter_context(closing(open_store(settings)))

    with ExitStack() as stores:
        yield opened


@pytest.fixture
def store(new_store: "Callable[[], Store]") -> "Store":
    """An empty store."""
    return new_store()


@pytest.fixture
def umap_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """What tests use instead of umap-learn is found here, and by processes that are begun here."""
    monkeypatch.setattr(sys, "path", [STAND_INS, *sys.path])
    monkeypatch.setenv("PYTHONPATH", PYTHON_PATH)


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address (`http://127.0.0.1:port`) of a real server that all tests of the session share.

    It compiles what it is asked for alone: the common programs take a minute of both cores.
    """
    environment = {"NNPLAY_WARM_UP": "false", "PYTHONPATH": PYTHON_PATH}
    with running_server(tmp_path_factory.mktemp("data"), environment) as server:
        yield server.url
