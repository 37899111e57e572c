"""Settings of JAX that hold for the whole process, and how programs are compiled under them."""

from collections.abc import Callable, Hashable
from pathlib import Path
from threading import Lock, Thread, main_thread
from threading import enumerate as enumerate_threads
from time import sleep
from typing import Any, NamedTuple

import jax
from jax.extend.core import Jaxpr, subjaxprs

from app.engine.kept import Kept, ProgramFolder
from app.engine.packing import Packing
from app.families.base import AnyFamily, Setup

_folder: ProgramFolder | None = None
_KEEPING = "keep"
_LARGE = 1500
"""A program of more equations is large: writing it holds the interpreter's lock, for 0.05 ms each."""
_PATIENCE_SECONDS = 0.5


class Traceable(NamedTuple):
    """What is to be compiled."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    """Of the shapes that it will be called with."""
    told: Packing[Any]
    """How what it tells is packed."""


def _never() -> bool:
    return False


_busy = _never


def configure(cache_dir: Path, busy: Callable[[], bool] = _never) -> None:
    """Keeps compiled programs in `cache_dir` across restarts, and matrix products exact to float32 on every device.

    Large programs are kept once the server is not `busy`, or ends. Programs run in the thread that calls them: handing
    short ones over costs as much as they do.
    """
    global _folder, _busy
    _busy = busy
    _folder = ProgramFolder(cache_dir / "programs")
    # A program that came out of JAX's own cache cannot be kept: XLA writes it without its functions.
    jax.config.update("jax_enable_compilation_cache", val=False)
    jax.config.update("jax_default_matmul_precision", "highest")
    jax.config.update("jax_cpu_enable_async_dispatch", val=False)


def compiled(family: AnyFamily, setup: Setup, name: str, traceable: Callable[[], Traceable], tracing: Lock) -> Kept:
    """The program called `name` for `setup`, ahead of time: calling it can neither trace nor compile.

    `traceable` is asked only where none is kept from before. Tracing holds the interpreter, compiling does not: of two
    programs that are made at the same time with one lock for `tracing`, one is compiled while the other is traced.
    """
    key = _key(family, setup, name)
    if _folder is not None and (kept := _folder.fetched(key)):
        return kept
    with tracing:
        function, arguments, told = traceable()
        traced = jax.jit(function, compiler_options=dict(family.compiler_options)).trace(*arguments)
        lowered = traced.lower()
        large = _equations(traced.jaxpr.jaxpr) > _LARGE
    made = Kept(lowered.compile(), told)
    if _folder is not None:
        # Whoever waits for it need not wait for the disk as well; Python's end does.
        Thread(target=_keep, args=(_folder, key, made), kwargs={"large": large}, name=_KEEPING).start()
    return made


def _equations(jaxpr: Jaxpr) -> int:
    return len(jaxpr.eqns) + sum(map(_equations, subjaxprs(jaxpr)))


def _keep(folder: ProgramFolder, key: Hashable, made: Kept, *, large: bool) -> None:
    while large and _busy() and main_thread().is_alive():
        sleep(_PATIENCE_SECONDS)
    folder.keep(key, made)


def settle() -> None:
    """Waits until what was compiled is on the disk, if that allows."""
    for thread in enumerate_threads():
        if thread.name == _KEEPING:
            thread.join()


def is_kept(family: AnyFamily, setup: Setup, name: str) -> bool:
    """Whether the program called `name` for `setup` need not be compiled."""
    return _folder is not None and _folder.has(_key(family, setup, name))


def _key(family: AnyFamily, setup: Setup, name: str) -> Hashable:
    options = tuple(sorted(family.compiler_options.items()))
    return name, family.name, family.signature(setup), jax.default_backend(), options
