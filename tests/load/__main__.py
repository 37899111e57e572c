"""`make load`: measures, prints, and records in docs/benchmarks.md. Takes about eight minutes."""

import argparse
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.report import Table, record_section, when_and_where
from tests.load.crowd import PAGE_SPEED, Outcome, crowd
from tests.load.measures import wait_until_idle
from tests.load.rest import Shelf, fill
from tests.servers import RunningServer, running_server

_MANY_VISITORS = {"NNPLAY_SINGLE_USER": "false"}
_ONE_VISITOR = {"NNPLAY_SINGLE_USER": "true"}
_SHELF_VISITORS = 15


def main() -> None:
    """Everything, in the sizes that were asked for."""
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("--visitors", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--no-record", action="store_true", help="only print")
    asked = parser.parse_args()
    tables = [_crowds(asked.visitors, asked.seconds), _shelves(asked.runs)]
    for table in tables:
        print(table.markdown())
        if not asked.no_record:
            record_section(table)


@contextmanager
def _warm_server(environment: dict[str, str]) -> Generator[RunningServer]:
    with TemporaryDirectory() as directory, running_server(Path(directory), environment) as server:
        wait_until_idle(server)
        yield server


def _crowds(visitors: int, seconds: float) -> Table:
    with _warm_server(_MANY_VISITORS) as server:
        many = [crowd(server, visitors, seconds, speed=speed) for speed in (None, PAGE_SPEED)]
    with _warm_server(_ONE_VISITOR) as server:
        one = crowd(server, visitors, seconds, speed=None)
    return _load_table(visitors, seconds, [*many, one])


def _load_table(visitors: int, seconds: float, outcomes: Sequence[Outcome]) -> Table:
    heads = ("visitors, full speed", f"visitors, {PAGE_SPEED:.0f} epochs/s", "one user's runs, full speed")
    table = Table("Load", (f"{visitors} runs with a stream each, {seconds:.0f} s, client included", *heads, "wanted"))

    def row(name: str, values: Sequence[str], wanted: str = "") -> None:
        table.add(name, *values, wanted)

    row("errors", [str(len(each.errors) + len(each.answers.errors)) for each in outcomes], "0")
    row("frames/s, slowest visitor", [f"{min(each.frames):.1f}" for each in outcomes], "≥ 4")
    row("frames/s, all", [f"{sum(each.frames):.0f}" for each in outcomes])
    row("longest time between two frames", [f"{each.longest_gap:.2f} s" for each in outcomes])
    row("steps/s, all", [f"{sum(each.steps) / each.seconds:,.0f}" for each in outcomes])
    row("Jain's index of steps", [f"{each.fairness:.3f}" for each in outcomes], "≥ 0.95")
    for part, wanted in ((0.5, ""), (0.95, "≤ 150 ms"), (1.0, "")):
        name = "slowest" if part == 1 else f"p{part * 100:.0f}"
        row(f"command acknowledged, {name}", [f"{each.acknowledged(part) * 1e3:.0f} ms" for each in outcomes], wanted)
    row("memory half-way", [f"{each.half_bytes / 1e6:.0f} MB" for each in outcomes])
    row("growth in the second half", [f"{each.growth:+.1%}" for each in outcomes], "< 5 %")
    row("cores used by the server", [f"{each.busy:.2f}" for each in outcomes])
    table.add("machine", when_and_where(), f"load afterwards {os.getloadavg()[0]:.1f}", "", "")
    return table


def _shelves(runs: int) -> Table:
    with _warm_server({**_MANY_VISITORS, "NNPLAY_MAX_IDLE_AWAKE": str(2 * runs)}) as server:
        awake = fill(server, runs, _SHELF_VISITORS)
    with _warm_server(_MANY_VISITORS) as server:
        asleep = fill(server, runs, _SHELF_VISITORS)
    return _rest_table(runs, [awake, asleep])


def _rest_table(runs: int, shelves: Sequence[Shelf]) -> Table:
    table = Table("Runs at rest", (f"{runs:,} paused runs", "all awake", "as by default, most asleep", "wanted"))
    each = [f"{shelf.bytes_each / 1e3:.0f} kB" for shelf in shelves]
    table.add("resident memory of each", *each, "≤ 200 kB")
    for part, wanted in ((0.5, ""), (0.95, "≤ 100 ms")):
        made = [f"{shelf.created(part) * 1e3:.0f} ms" for shelf in shelves]
        table.add(f"made over REST, p{part * 100:.0f}", *made, wanted)
    table.add("machine", when_and_where(), "", "")
    return table


if __name__ == "__main__":
    main()
