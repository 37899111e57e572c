"""Compiles networks for app.runs.warm_up: `python -m` this module, with the folder where they are kept and Experiments.

It gives way to the server, and ends when that has ended.
"""

import os
import sys
from pathlib import Path


def compile_all(cache: Path, documents: list[str]) -> None:
    """Compiles the networks of Experiments (JSON), one after the other, those that nobody has compiled meanwhile."""
    from app.engine import xla
    from app.engine.program import Program
    from app.engine.setup import NoUploads, build_setup
    from app.families.registry import family_of
    from app.schemas.experiment import parse_experiment

    server = os.getppid()
    xla.configure(cache)
    for document in documents:
        setup = build_setup(parse_experiment(document), NoUploads())
        program = Program(family_of(setup.experiment.family), setup)
        if os.getppid() != server:
            return
        if not program.kept:
            program.compile_observe()
            program.compile_advance()


if __name__ == "__main__":
    os.nice(19)
    os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"  # the memory of a GPU is the server's
    compile_all(Path(sys.argv[1]), sys.argv[2:])
