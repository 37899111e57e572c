"""The form of a text about a control."""

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """One control in words that a twelve-year-old understands; standard terms are named."""

    name: str
    what: str
    to_try: str
