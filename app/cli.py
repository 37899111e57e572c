"""The command line: `nnplay serve`, `train` and `token`. What is heavy is imported inside the commands."""

import csv
import json
import logging
import os
import sys
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from app.errors import InvalidInput, NotFound, PlaygroundError

if TYPE_CHECKING:
    import numpy as np

    from app.data.pictures.archive import PictureArchive
    from app.data.table import Table as DataTable
    from app.engine.program import Program
    from app.engine.trainer import Metrics, Report, Trainer
    from app.schemas.command import Until
    from app.schemas.experiment import Experiment
    from app.storage.store import Store

DIVERGED, BAD_INPUT, NOT_STARTED = 1, 2, 3
SLICE_SECONDS = 0.2

cli = typer.Typer(
    help="A neural network playground.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)

tokens = typer.Typer(help="Tokens for the REST interface.", no_args_is_help=True)
cli.add_typer(tokens, name="token")

Name = Annotated[str, typer.Argument(help="What the token is called.")]


def main() -> None:
    """The program. Errors that a person may read are one line on stderr and status 2."""
    try:
        cli()
    except PlaygroundError as error:
        print(f"nnplay: {error.detail}", file=sys.stderr)
        sys.exit(BAD_INPUT)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(version("nn-playground"))
        raise typer.Exit


@cli.callback()
def nnplay(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """A neural network playground: build a network, press Play, watch it learn."""


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen at; 0 takes a free one.", min=0, max=65_535)] = 8000,
) -> None:
    """Start the server."""
    from app.web import server

    well = server.serve(
        "app.main:create_app", host, port, lambda address: print(f"NN Playground is at {address}", flush=True)
    )
    # A thread may still be compiling, and Python's own end would abort the process while one is inside XLA.
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0 if well else NOT_STARTED)


@cli.command()
def train(
    experiment: Annotated[Path, typer.Argument(help="A file with an Experiment (JSON).")],
    until: Annotated[str, typer.Option(help="Where to stop: epoch=N or step=N.")],
    out: Annotated[
        Path | None,
        typer.Option(help="The folder for the results; EXPERIMENT-trained, beside it, if not given.", file_okay=False),
    ] = None,
) -> None:
    """Train without a server: print the metrics, write parameters.safetensors, history.csv and experiment.json."""
    goal = _goal(until)
    document = _read(experiment)

    from app.engine import xla
    from app.engine.program import Program
    from app.engine.setup import build_setup
    from app.engine.trainer import Trainer
    from app.families.registry import family_of
    from app.settings import settings

    xla.configure(settings().cache_dir)
    setup = build_setup(document, _Uploads())
    family = family_of(document.family)
    trainer, program = Trainer(setup), Program(family, setup)
    steps = trainer.steps_until(goal.epoch) if goal.epoch is not None else goal.step or 0
    report = _run(trainer, program, steps)
    folder = out or experiment.with_name(f"{experiment.stem}-trained")
    _write(folder, document, trainer)
    early = " Stopped early: the validation loss no longer fell." if report and report.stopped else ""
    print(f"Step {trainer.step:,}, epoch {trainer.epoch:,}.{early}")
    _print_metrics(trainer.metrics(_sums(trainer, program)))
    print(f"Results are in {folder}")
    if report and report.divergence:
        print(f"nnplay: {report.divergence.describe()}", file=sys.stderr)
        raise typer.Exit(DIVERGED)


class _Uploads:
    """Uploads; the store is opened where one is asked for."""

    def get(self, dataset_id: str) -> "DataTable":
        """The table with this id. Raises NotFound."""
        from app.storage.datasets import DatasetStore

        with _store() as store:
            return DatasetStore(store).get(dataset_id)

    def pictures(self, dataset_id: str) -> "PictureArchive":
        """The pictures with this id. Raises NotFound."""
        from app.storage.datasets import DatasetStore

        with _store() as store:
            return DatasetStore(store).pictures(dataset_id)


def _store() -> "closing[Store]":
    """The store of the server with the same settings, which may run meanwhile."""
    from app.settings import settings
    from app.storage.store import open_store

    return closing(open_store(settings(), exclusive=False))


@tokens.command("create")
def create_token(name: Name) -> None:
    """Make a token and print it, this once. Who sends it as `Authorization: Bearer TOKEN` is a visitor of their own."""
    with _store() as store:
        token, _ = store.create_token(name)
    print(token)


@tokens.command("list")
def list_tokens() -> None:
    """Print the names of all tokens, and since when there are."""
    with _store() as store:
        for token in store.tokens():
            print(f"{token.created:%Y-%m-%d}  {token.name}")


@tokens.command("revoke")
def revoke_token(name: Name) -> None:
    """Make a token useless. What was done by it stays, for a new one of the same name."""
    with _store() as store:
        if not store.revoke_token(name):
            raise NotFound(f"There is no token called {name!r}.")


def _goal(text: str) -> "Until":
    from app.schemas.command import Until
    from app.schemas.document import parse_value

    unit, _, count = text.partition("=")
    if unit not in ("epoch", "step") or not count.isascii() or not count.isdigit():
        raise InvalidInput(f"--until {text}: write epoch=N or step=N.")
    return parse_value(Until, {unit: int(count)})


def _read(path: Path) -> "Experiment":
    from app.schemas.experiment import parse_experiment

    try:
        return parse_experiment(path.read_bytes())
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read ({error.strerror}).") from None
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error.detail}", error.errors) from None


def _run(trainer: "Trainer", program: "Program", steps: int) -> "Report | None":
    """Trains for up to `steps` updates, showing how far it is. Returns the last report, None where there was none."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Compiling", total=None)
        program.compile_observe()
        program.compile_advance()
        trainer.record_start(_sums(trainer, program))
        progress.update(task, description="Training", total=steps)
        report: Report | None = None
        slice_ = 1
        while trainer.step < steps:
            began = perf_counter()
            report = trainer.advance(program, min(slice_, steps - trainer.step))
            progress.update(task, completed=trainer.step)
            if report.divergence or report.stopped:
                break
            slice_ = max(1, int(slice_ * min(4.0, SLICE_SECONDS / (perf_counter() - began))))
    return report


def _sums(trainer: "Trainer", program: "Program") -> "np.ndarray":
    import numpy as np

    return np.asarray(trainer.observe(program).sums)


def _write(folder: Path, experiment: "Experiment", trainer: "Trainer") -> None:
    from safetensors.numpy import save

    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "parameters.safetensors").write_bytes(save(trainer.tensors()))
        with (folder / "history.csv").open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([trainer.history.columns, *trainer.history.rows])
        (folder / "experiment.json").write_text(json.dumps(experiment.document(), indent=2) + "\n")
    except OSError as error:
        raise InvalidInput(f"{folder}: cannot be written ({error.strerror}).") from None


def _print_metrics(metrics: "Metrics") -> None:
    """One row for each part, one column for each metric."""
    from rich.console import Console
    from rich.table import Table

    measured = {part: values for part, values in metrics.items() if values}
    names = list(measured["train"])
    table = Table("part", *(name.replace("_", " ") for name in names))
    for part, values in measured.items():
        table.add_row(part, *("not finite" if values[name] is None else f"{values[name]:.6g}" for name in names))
    Console().print(table)
