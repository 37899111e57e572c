"""Compiles programs in the background, each signature once: what a visitor waits for before what may be needed.

A program comes in two jobs, for seeing and for training, which two threads can do at the same time. Its lens is a task
of its own, once somebody has asked for it.
"""

import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import count
from queue import PriorityQueue
from threading import Lock, Thread
from time import perf_counter, sleep

from app.engine.program import Program
from app.families.base import Setup
from app.families.registry import family_of

_STOP, _URGENT, _WARM_UP = 0, 1, 2
_BREATH_SECONDS = 0.1
"""After each job that nobody waits for: fetching programs in a row would hold the interpreter's lock for seconds."""
_logger = logging.getLogger(__name__)


@dataclass
class _Task:
    """A program, and its jobs that no thread has begun yet."""

    key: Hashable
    program: Program
    jobs: list[Callable[[], None]]
    """What is needed first stands first."""
    of_lens: bool = False
    """Whether it is for the program's lens alone."""
    urgent: bool = False
    """Whether a visitor waits for it."""

    def __post_init__(self) -> None:
        self.in_all = self.unfinished = len(self.jobs)


_Queue = PriorityQueue[tuple[int, int, _Task | None]]


class Compiler:
    """Two threads: one takes whatever is most urgent, the other only what a visitor waits for."""

    def __init__(self, compiled: Callable[[Program], None]) -> None:
        """`compiled` is called, in a compiler's thread, whenever a program can do more than before, or has failed."""
        self._compiled = compiled
        self._tasks: dict[Hashable, _Task] = {}
        self._lock = Lock()
        self._numbers = count()
        self._any: _Queue = PriorityQueue()
        self._urgent: _Queue = PriorityQueue()
        # No daemons: Python's end waits for them, since it would abort the process while one is inside XLA.
        self._threads = [
            Thread(target=self._work, args=(queue,), name=name)
            for name, queue in (("compiler", self._any), ("urgent-compiler", self._urgent))
        ]
        self.compilations = 0
        """Programs compiled, or fetched from those kept, so far."""
        self.seconds = 0.0
        """Time that this took."""

    def start(self) -> None:
        """Begins to work."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends the threads once what they do is done; does not wait. Must be called once they were started."""
        for queue in (self._any, self._urgent):
            queue.put((_STOP, next(self._numbers), None))

    def program(self, setup: Setup, *, urgent: bool = True) -> Program:
        """The program for `setup`, perhaps not compiled yet: then it will be, and whoever wants to know is told."""
        key = program_key(setup)

        def made() -> _Task:
            program = Program(family_of(setup.experiment.family), setup)
            return _Task(key, program, [program.compile_observe, program.compile_advance])

        return self._asked(key, made, urgent=urgent)

    def lens(self, program: Program) -> None:
        """Has the lens of a program compiled, unless it is or will be."""
        key = program.family.name, program.signature, "lens"

        def made() -> _Task:
            program.lens_error = ""
            return _Task(key, program, [program.compile_lens], of_lens=True)

        self._asked(key, made, urgent=True)

    def _asked(self, key: Hashable, made: Callable[[], _Task], *, urgent: bool) -> Program:
        with self._lock:
            known = self._tasks.get(key)
            task = known or self._tasks.setdefault(key, made())
            waiting, task.urgent = len(task.jobs), task.urgent or urgent
        if known is None or urgent:
            # A job for whoever comes first: each thread finds an entry for every job.
            for _ in range(waiting):
                entry = (_URGENT if urgent else _WARM_UP, next(self._numbers), task)
                self._any.put(entry)
                if urgent:
                    self._urgent.put(entry)
        return task.program

    def known(self, key: Hashable) -> Program | None:
        """The program with this `program_key`, if it is compiled or will be."""
        task = self._tasks.get(key)
        return None if task is None else task.program

    @property
    def waiting(self) -> int:
        """Programs that a visitor waits for and no thread has begun to compile."""
        with self._lock:
            return sum(1 for task in self._tasks.values() if task.urgent and len(task.jobs) == task.in_all)

    @property
    def awaited(self) -> bool:
        """Whether a visitor waits for any program, begun or not."""
        with self._lock:
            return any(task.urgent and task.unfinished for task in self._tasks.values())

    def _work(self, queue: _Queue) -> None:
        while (task := queue.get()[2]) is not None:
            with self._lock:
                job = task.jobs.pop(0) if task.jobs else None
            if job is not None:
                self._compile(task, job)
                if not task.urgent:
                    sleep(_BREATH_SECONDS)

    def _compile(self, task: _Task, job: Callable[[], None]) -> None:
        program, began = task.program, perf_counter()
        try:
            job()
        except Exception as error:
            # Whatever XLA throws must not end the thread; the runs that wait are told, and may try again.
            _logger.exception("compiling %s failed", program.signature)
            with self._lock:
                self._tasks.pop(task.key, None)
                task.jobs.clear()
            told = f"{type(error).__name__}: {error}"
            if task.of_lens:
                program.lens_error = told
            else:
                program.error = told
        with self._lock:
            task.unfinished -= 1
            self.seconds += perf_counter() - began
            self.compilations += task.unfinished == 0
        self._compiled(program)


def program_key(setup: Setup) -> Hashable:
    """What tells the program for `setup` from others."""
    family = family_of(setup.experiment.family)
    return family.name, family.signature(setup)
