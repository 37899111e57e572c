"""The repository holds what was written here: no copies of others' code, no traces of the machine it was written on.

The patterns are spelt so that this file does not match itself.
"""

import re
from pathlib import Path

from tests.architecture.sources import ROOT, own_files, text_of

VENDOR = Path("static/vendor")
LONGEST_WRITTEN_LINE = 1000

REGISTRY = re.compile(
    r"""
    registry\.(?:npm|yarn)[a-z]*\.[a-z]+             # npm, Yarn
    | \b(?:test\.)?py[p]i\.(?:org|python)            # Python
    | files\.python[h]osted
    | "resolved"[:]\s*"https?
    | (?:^|\s)--(?:extra-)?inde[x](?:-url)?[=\s]
    | ^\s*(?:@[\w-]+:)?registry\s*=\s*\S*[/]
    """,
    re.VERBOSE | re.MULTILINE,
)
MACHINE_PATH = re.compile(r"(?<![\w.)}\]*-])/(?:(?:root|work)/|(?:home|Users)/[\w.-]+/)")


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [f"{path}: {match.group().strip()}" for path in own_files() for match in pattern.finditer(text_of(path))]


def test_nothing_is_kept_under_static_vendor() -> None:
    kept = [str(path) for path in own_files() if VENDOR in path.parents]
    assert not kept, "\n".join(kept)


def test_no_minified_file_is_kept() -> None:
    minified = [
        str(path)
        for path in own_files()
        if ".min." in path.name
        or (
            path.suffix in {".js", ".mjs", ".css"}
            and len(max(text_of(path).splitlines(), key=len, default="")) > LONGEST_WRITTEN_LINE
        )
    ]
    assert not minified, "\n".join(minified)


def test_no_file_names_a_package_registry() -> None:
    found = _lines_with(REGISTRY)
    assert not found, "\n".join(found)


def test_no_file_names_a_path_of_one_machine() -> None:
    found = _lines_with(MACHINE_PATH) + [str(path) for path in own_files() if f"{ROOT}/" in text_of(path)]
    assert not found, "\n".join(found)
