"""No family is named where all of them pass through: what differs between them is asked of the family itself."""

import re

from app.families.registry import FAMILIES
from tests.architecture.sources import own_files, text_of

ROOMS = ("app/engine", "app/runs", "app/web")
NAMES = {name for family in FAMILIES.values() for name in (family.name, type(family).__name__)}
NAME = re.compile("|".join(map(re.escape, sorted(NAMES))), re.IGNORECASE)


def test_no_family_is_named_outside_the_registry() -> None:
    sources = own_files(*ROOMS)
    assert sources, "no source files found: is this a git repository?"
    found = [
        f"{path}:{number}: {match.group()}"
        for path in sources
        for number, line in enumerate((str(path), *text_of(path).splitlines()))
        for match in NAME.finditer(line)
    ]
    assert not found, "\n".join(found)
