"""A source file that outgrows a few screens wants a second room."""

from tests.architecture.sources import own_files, text_of

LONGEST = 300
SOURCES = ("app", "static/js", "static/css", "templates", "tests")


def test_no_source_file_is_longer_than_300_lines() -> None:
    lengths = {path: len(text_of(path).splitlines()) for path in own_files(*SOURCES)}
    assert lengths, "no source files found: is this a git repository?"
    too_long = [f"{path}: {length} lines" for path, length in lengths.items() if length > LONGEST]
    assert not too_long, "\n".join(too_long)
