"""The REST interface against its own document: a few hundred requests of all kinds, one after another and in chains.

`make fuzz` sends thousands.
"""

from pathlib import Path

from tests.fuzz.interface import judge, served


def test_every_answer_is_as_documented(tmp_path: Path) -> None:
    with served(tmp_path) as url:
        found = judge(url, tmp_path, phases="examples,fuzzing,stateful", examples=3, seed=1)
    assert found.passed, found.text
    assert found.cases >= 100
