"""Every setting is in the document for those who run a server."""

import re

from app.settings import Settings
from tests.architecture.sources import ROOT

DOCUMENT = ROOT / "docs" / "operating.md"


def test_every_setting_is_documented() -> None:
    told = re.findall(r"^\| `NNPLAY_([A-Z_]+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert [name.lower() for name in told] == list(Settings.model_fields)
