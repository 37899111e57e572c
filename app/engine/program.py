"""The compiled pair `advance` and `observe` of one signature.

Nothing here asks which family it serves. Both functions are compiled ahead of time, so that calling them can neither
trace nor compile.
"""

from collections.abc import Callable

from app.engine.loop import Advance, compile_advance
from app.engine.observe import compile_observe
from app.families.base import AnyFamily, Observation, Setup


class Program:
    """What is compiled for one signature, in the order in which a visitor needs it: first seeing, then training."""

    def __init__(self, family: AnyFamily, setup: Setup) -> None:
        self.family = family
        self.signature = family.signature(setup)
        self._setup = setup
        self.observe: Callable[..., Observation] | None = None
        self.advance: Callable[..., Advance] | None = None
        self.error = ""
        """Why it could not be compiled."""

    @property
    def complete(self) -> bool:
        """Whether it can both see and train."""
        return self.observe is not None and self.advance is not None

    def compile_observe(self) -> None:
        """Takes about a second, or a tenth of it from the persistent cache."""
        self.observe = compile_observe(self.family, self._setup)

    def compile_advance(self) -> None:
        """Takes a few seconds, likewise."""
        self.advance = compile_advance(self.family, self._setup)
