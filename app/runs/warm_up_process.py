"""Compiles networks for app.runs.warm_up: `python -m` this module, with the server's process, the folder where programs
are kept, and Experiments.

It gives way to the server, and ends before the next program where that has ended.
"""

import os
import sys
from pathlib import Path


def compile_all(server: int, cache: Path, documents: list[str]) -> None:
    """Compiles the networks of Experiments (JSON), one after the other, those that nobody has compiled meanwhile.

    Ends where they cannot be kept.
    """
    from app.engine import xla
    from app.engine.program import Program
    from app.engine.setup import NoUploads, build_setup
    from app.families.registry import family_of
    from app.schemas.experiment import parse_experiment

    xla.configure(cache)
    for document in documents:
        setup = build_setup(parse_experiment(document), NoUploads())
        program = Program(family_of(setup.experiment.family), setup)
        if program.kept:
            continue
        for compile_one in (program.compile_observe, program.compile_advance):
            if os.getppid() != server:
                return
            compile_one()
        xla.settle()
        if not program.kept:
            return


if __name__ == "__main__":
    # Before JAX is imported: its threads inherit the priority, and the memory of a GPU is the server's.
    os.nice(19)
    os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"
    compile_all(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
