"""Inputs that break things: bytes and text of all kinds, and good ones spoilt by a few mutations.

Owns what is not particular to a format; the formats' own words and good inputs are given by tests/fuzz/targets.py.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from hypothesis import strategies as st
from pydantic import JsonValue

# What has broken parsers before: ends of lines, quotes, signs that look alike, halves of a pair, numbers that are none.
MOST_PLACES = 50
NASTY = (
    *"\x00\n\r\t\x0b\x0c\x1b\x7f\x85\u2028\u2029\ufeff\ufffe\u202e\u200b\u0301\ud800\udfff\u0660½²٣−",
    *(
        "\r\n",
        '"',
        '""',
        "'",
        "\\",
        "\\u0000",
        "%00",
        "%ff",
        "%u0041",
        "+",
        "&",
        "=",
        ";",
        ",",
        ".",
        "..",
        "/",
        "#",
        "?",
    ),
    *("[", "]", "{", "}", "[" * 500, '{"a":' * 500, "null", "true", "NaN", "nan", "-inf", "Infinity", "-0", "1e309"),
    *(
        "1e-400",
        "9" * 400,
        "0x10",
        "1_000",
        "0.1e+",
        "\U0001f600",
        "́" * 200,
        "a" * 2000,
        "__proto__",
        "${x}",
        "<script>",
    ),
)

_mutations = st.sampled_from((0, 1, 1, 2, 3, 6))
_repetitions = st.sampled_from((0, 1, 2, 20))
_depths = st.sampled_from((1, 2, 300))

texts = st.text(max_size=200) | st.text(st.characters(codec=None), max_size=100)
anything = texts | st.lists(st.sampled_from(NASTY), max_size=30).map("".join)
scalars: st.SearchStrategy[JsonValue] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(NASTY)
)


def to_bytes(text: str) -> bytes:
    """UTF-8, with halves of surrogate pairs as they are."""
    return text.encode("utf-8", "surrogatepass")


def of_tokens(tokens: Sequence[str]) -> st.SearchStrategy[str]:
    """Words of a format, in any order."""
    return st.lists(st.sampled_from([*tokens, *NASTY[:20]]), max_size=40).map("".join)


@st.composite
def mutated(draw: st.DrawFn, good: st.SearchStrategy[str], tokens: Sequence[str]) -> str:
    """A good text with pieces put in, taken out, repeated, swapped or cut off."""
    text = draw(good)
    for _ in range(draw(_mutations)):
        text = _mutation(draw, text, tokens)
    return text


def _mutation(draw: st.DrawFn, text: str, tokens: Sequence[str]) -> str:
    start = draw(st.integers(0, len(text)))
    end = min(len(text), start + draw(st.integers(0, 12)))
    match draw(st.integers(0, 5)):
        case 0:
            return text[:start] + draw(st.sampled_from([*tokens, *NASTY])) + text[start:]
        case 1:
            return text[:start] + text[end:]
        case 2:
            return text[:start] + text[start:end] * draw(st.integers(2, 50)) + text[end:]
        case 3:
            return text[:start] + draw(st.characters(codec=None)) + text[end:]
        case 4:
            return text[:start]
        case _:
            return text[end:] + text[:start]


@st.composite
def spoilt(draw: st.DrawFn, good: st.SearchStrategy[dict[str, Any]], words: Sequence[str]) -> dict[str, JsonValue]:
    """A good JSON object of which some parts, at any depth, are replaced, renamed, added, removed or nested."""
    document: dict[str, JsonValue] = json.loads(json.dumps(draw(good)))
    for _ in range(draw(_mutations)):
        holders = list(islice(_holders(document), MOST_PLACES))
        holder = holders[draw(st.integers(0, len(holders) - 1))]
        if isinstance(holder, list):
            start = draw(st.integers(0, len(holder)))
            old = holder[start : start + draw(st.integers(0, 1))]
            holder[start : start + len(old)] = [_other(draw, old[0] if old else None)] * draw(_repetitions)
        else:
            key = draw(st.sampled_from([*holder, *words]) | st.sampled_from(NASTY) | st.text(max_size=8))
            holder[key] = _other(draw, holder.get(key))
    return document


def _holders(value: JsonValue) -> Iterator[dict[str, JsonValue] | list[JsonValue]]:
    """Every object and array in a value, itself first."""
    if isinstance(value, dict | list):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _holders(inner)


def _other(draw: st.DrawFn, value: JsonValue) -> JsonValue:
    """What may stand in place of a value."""
    match draw(st.integers(0, 4)):
        case 0:
            return draw(st.lists(scalars, max_size=5))
        case 1:
            return draw(st.dictionaries(st.text(max_size=8), scalars, max_size=3))
        case 2 if isinstance(value, int | float):
            return value * draw(st.sampled_from((-1, 0, 2, 10, 1e300)))
        case 3:
            for _ in range(draw(_depths)):
                value = [value]
            return value
        case _:
            return draw(scalars)
