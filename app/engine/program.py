"""The compiled pair `advance` and `observe` of one signature, and its `lens` once somebody has asked for it.

Nothing here asks which family it serves. All are compiled ahead of time, so that calling them can neither
trace nor compile.
"""

from collections.abc import Callable
from threading import Lock

from app.engine.lens import compile_lens
from app.engine.loop import Advance, compile_advance
from app.engine.observe import compile_observe
from app.engine.xla import is_kept
from app.families.base import AnyFamily, Observation, Setup
from app.nn.pictures.lens import Slopes


class Program:
    """What is compiled for one signature, in the order in which a visitor needs it: first seeing, then training."""

    def __init__(self, family: AnyFamily, setup: Setup) -> None:
        self.family = family
        self.signature = family.signature(setup)
        self._setup = setup
        self._tracing = Lock()
        self.work = family.graph(setup).work * self.signature.rows
        """Multiplications to see all samples once, or as many as take as long."""
        self.observe: Callable[..., Observation] | None = None
        self.advance: Callable[..., Advance] | None = None
        self.error = ""
        """Why it could not be compiled."""
        self.lens: Callable[..., Slopes] | None = None
        self.lens_error = ""
        """Why its lens could not."""

    @property
    def complete(self) -> bool:
        """Whether it can both see and train."""
        return self.observe is not None and self.advance is not None

    @property
    def kept(self) -> bool:
        """Whether it was compiled before, and only has to be fetched."""
        return all(is_kept(self.family, self._setup, name) for name in ("observe", "advance"))

    def compile_observe(self) -> None:
        """Takes about a second, or a tenth of it where it is kept from before."""
        self.observe = compile_observe(self.family, self._setup, self._tracing)

    def compile_advance(self) -> None:
        """Takes a few seconds, likewise."""
        self.advance = compile_advance(self.family, self._setup, self._tracing)

    def compile_lens(self) -> None:
        """Takes a second or two, likewise. Only what sees pictures has one."""
        self.lens = compile_lens(self.family, self._setup, self._tracing)
