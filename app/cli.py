"""The command line: `nnplay serve` and `nnplay train`. What is heavy is imported inside the commands."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from app.errors import PlaygroundError

BAD_INPUT = 2

cli = typer.Typer(help="A neural network playground.", no_args_is_help=True, add_completion=False)


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

    server.serve("app.main:create_app", host, port, lambda address: print(f"NN Playground is at {address}", flush=True))


@cli.command()
def train(
    experiment: Annotated[
        Path, typer.Argument(help="A file with an Experiment (JSON).", exists=True, dir_okay=False, readable=True)
    ],
    until: Annotated[str, typer.Option(help="Where to stop: epoch=N or step=N.")],
    out: Annotated[
        Path | None,
        typer.Option(help="The folder for the results; beside the Experiment if not given.", file_okay=False),
    ] = None,
) -> None:
    """Train without a server: print the metrics, write parameters and history."""
