"""What every test shares: the three parts of the suite, their order, and the real server.

Nothing here imports `app`: jaxtyping hooks into its import to check shapes, and only what comes later is checked.
"""

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.servers import running_server

TESTS = Path(__file__).parent
# In the order they run in. Starting the server may take READY_WITHIN_SECONDS, and counts to the first test's time.
PARTS = ("unit", "e2e", "browser")
SECONDS_WITH_A_SERVER = 240

# The same examples everywhere, and no clock: how long one takes says more about the machine than about the code.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("suite")


def pytest_itemcollected(item: pytest.Item) -> None:
    folder = item.path.relative_to(TESTS).parts[0]
    if folder in PARTS:
        item.add_marker(folder)
    if _part(item) != PARTS[0] and not item.get_closest_marker("timeout"):
        item.add_marker(pytest.mark.timeout(SECONDS_WITH_A_SERVER))


@pytest.hookimpl(trylast=True)  # after pytest-randomly has shuffled: the order within each part stays random
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: PARTS.index(_part(item)))


def _part(item: pytest.Item) -> str:
    return next((part for part in PARTS if item.get_closest_marker(part)), PARTS[0])


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address (`http://127.0.0.1:port`) of a real server that all tests of the session share."""
    with running_server(tmp_path_factory.mktemp("data")) as server:
        yield server.url
