"""Compiles programs in the background, each signature once: what a visitor waits for before what may be needed."""

import logging
from collections.abc import Callable, Hashable
from itertools import count
from queue import PriorityQueue
from threading import Lock, Thread
from time import perf_counter

from app.engine.program import Program
from app.families.base import Setup
from app.families.registry import family_of

_URGENT, _WARM_UP, _STOP = 0, 1, 2
_logger = logging.getLogger(__name__)


class Compiler:
    """Two threads: one takes whatever is most urgent, the other only what a visitor waits for."""

    def __init__(self, compiled: Callable[[Program], None]) -> None:
        """`compiled` is called, in a compiler's thread, whenever a program can do more than before, or has failed."""
        self._compiled = compiled
        self._programs: dict[Hashable, Program] = {}
        self._lock = Lock()
        self._numbers = count()
        self._any: PriorityQueue[tuple[int, int, Program | None]] = PriorityQueue()
        self._urgent: PriorityQueue[tuple[int, int, Program | None]] = PriorityQueue()
        self._begun: set[Hashable] = set()
        self._threads = [
            Thread(target=self._work, args=(queue,), name=name, daemon=True)
            for name, queue in (("compiler", self._any), ("urgent-compiler", self._urgent))
        ]
        self.compilations = 0
        """Programs compiled, or fetched from the persistent cache, so far."""
        self.seconds = 0.0
        """Time spent on that."""

    def start(self) -> None:
        """Begins to work."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends the threads once what they are doing is done; does not wait."""
        for queue in (self._any, self._urgent):
            queue.put((-1, next(self._numbers), None))

    def program(self, setup: Setup, *, urgent: bool = True) -> Program:
        """The program for `setup`, perhaps not compiled yet: then it will be, and whoever wants to know is told."""
        family = family_of(setup.experiment.family)
        key = (family.name, family.signature(setup))
        with self._lock:
            known = self._programs.get(key)
            program = known or self._programs.setdefault(key, Program(family, setup))
            waiting = program.advance is None and key not in self._begun
        if known is None or (urgent and waiting):
            entry = (_URGENT if urgent else _WARM_UP, next(self._numbers), program)
            self._any.put(entry)
            if urgent:
                self._urgent.put(entry)
        return program

    def _work(self, queue: "PriorityQueue[tuple[int, int, Program | None]]") -> None:
        while True:
            program = queue.get()[2]
            if program is None:
                return
            key = (program.family.name, program.signature)
            with self._lock:
                if key in self._begun:
                    continue
                self._begun.add(key)
            self._compile(program, key)

    def _compile(self, program: Program, key: Hashable) -> None:
        began = perf_counter()
        try:
            program.compile_observe()
            self._compiled(program)
            program.compile_advance()
        except Exception as error:
            # Whatever XLA throws must not end the thread; the runs that wait are told.
            _logger.exception("compiling %s failed", program.signature)
            program.error = f"{type(error).__name__}: {error}"
            with self._lock:
                self._begun.discard(key)
                self._programs.pop(key, None)
        self.compilations += 1
        self.seconds += perf_counter() - began
        self._compiled(program)
