"""docs/reference-controls.md names tests that exist, and tests that drive a control are named there."""

import re

from tests.architecture.sources import ROOT

DOCUMENT = (ROOT / "docs" / "reference-controls.md").read_text()
TESTS = (ROOT / "tests" / "browser" / "test_reference_controls.py").read_text()


def test_every_row_names_a_test_that_exists() -> None:
    rows = [
        line for line in DOCUMENT.splitlines() if line.startswith("| ") and not line.startswith(("| Tensor", "| there"))
    ]
    assert len(rows) > 30
    for row in rows:
        names = re.findall(r"`([\w/]+?(?:\.py)?)`", row.rsplit("|", 2)[1])
        assert names, row
        for name in names:
            if name.endswith(".py"):
                assert (ROOT / name).exists() or (ROOT / "tests" / "browser" / name).exists(), name
            else:
                assert f"def {name}(" in TESTS, name


def test_every_test_is_named_by_a_row() -> None:
    assert {name for name in re.findall(r"def (test_\w+)\(", TESTS) if f"`{name}`" not in DOCUMENT} == set()
