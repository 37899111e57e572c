"""The headers Accept and Accept-Encoding decide (RFC 9110, section 12.5)."""

import pytest
from fastapi import Request

from app.web.negotiation import accepts_gzip, choose

JSON, CSV = "application/json", "text/csv"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV; charset=utf-8", CSV),
        ("text/*", CSV),
        ("application/json;q=0.5, text/csv;q=0.6", CSV),
        ("text/*, application/json", JSON),
        ("*/*;q=0.1, text/csv;q=0", JSON),
        ("application/json;q=0, */*", CSV),
        ("text/html, */*;q=0.8", JSON),
        ("application/json;q=nonsense", JSON),
    ],
)
def test_offer_with_the_largest_weight_is_chosen(accept: str | None, chosen: str) -> None:
    headers = [] if accept is None else [(b"accept", accept.encode())]
    assert choose(Request({"type": "http", "headers": headers}), JSON, CSV) == chosen


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("br, GZIP;q=0.1", True),
        ("br, deflate", False),
        ("*", True),
        ("gzip;q=0, *", False),
        ("identity", False),
    ],
)
def test_gzip_is_sent_to_those_who_ask_for_it(header: str | None, *, accepted: bool) -> None:
    headers = [] if header is None else [(b"accept-encoding", header.encode())]
    assert accepts_gzip(Request({"type": "http", "headers": headers})) == accepted
