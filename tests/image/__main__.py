"""`make image-test`: builds the image, tries it with SQLite and with PostgreSQL, prints and records what it weighs."""

import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.report import Table, record_section, when_and_where
from tests.image.tools import Containers, Failed, containers
from tests.image.trial import trial
from tests.postgres import Unavailable, shared_cluster

IMAGE = "localhost/nn-playground"


def main() -> None:
    """Tries everything; ends with status 1 and the reason where something does not hold."""
    try:
        with containers() as tools:
            table = Table("The image", ("what", "measured"))
            table.add("measured by `make image-test`", when_and_where())
            base = tools.base()
            tools.build(base, IMAGE)
            _weigh(tools, base, table)
            _try(tools, table)
            _try_with_postgres(tools, table)
            table.add("load average meanwhile (own part 1 to 2)", f"{os.getloadavg()[1]:.1f}")
    except (Failed, AssertionError) as error:
        sys.exit("\n".join([str(error), *getattr(error, "__notes__", [])]))
    print(table.markdown())
    record_section(table)


def _weigh(tools: Containers, base: str, table: Table) -> None:
    size = tools.bytes(IMAGE)
    table.add("size", f"{size / 1e6:.0f} MB, of which {tools.bytes(base) / 1e6:.0f} MB base")
    table.add("size, compressed", f"{tools.packed_bytes(IMAGE) / 1e6:.0f} MB")


def _try(tools: Containers, table: Table) -> None:
    """Twice on one volume, with SQLite there: all that is promised, then a restart that finds the run again."""
    with trial(tools, IMAGE, "sqlite") as first:
        first.start()
        first.look_inside()
        run = first.train()
        first.command(run, type="play")
        first.stop()
    with trial(tools, IMAGE, "sqlite", cookies=first.http.cookies) as second:
        second.start()
        assert second.http.get(run).json().get("epoch", 0) >= 100, "the run of before the restart is not there"
        second.train()
        second.stop()
    for what, seconds in (("an empty volume", first.seconds), ("a used volume", second.seconds)):
        table.add(f"start to first page, {what}", f"{seconds['page served']:.1f} s")
        table.add(f"start to ready, {what}", f"{seconds['ready']:.1f} s, computing for {seconds['computed']:.1f} s")
    table.add("SIGTERM to exit, while a run trains", f"{first.seconds['ended']:.1f} s")


def _try_with_postgres(tools: Containers, table: Table) -> None:
    """With the data in PostgreSQL: a restart finds the run again."""
    with tempfile.TemporaryDirectory(prefix="nnplay-image-") as folder:
        try:
            with shared_cluster(Path(folder), print) as cluster:
                cluster.folder.chmod(0o711)  # the container's user passes through it to the socket
                environment = {"NNPLAY_DATABASE_URL": cluster.database("image")}
                mount = str(cluster.folder)
                with trial(tools, IMAGE, "postgres", environment=environment, mount=mount) as first:
                    first.start()
                    run = first.train()
                    first.stop()
                cookies = first.http.cookies
                with trial(tools, IMAGE, "postgres", cookies=cookies, environment=environment, mount=mount) as second:
                    second.start()
                    assert second.http.get(run).json().get("epoch") == 100, "the run is not in PostgreSQL"
                    second.stop()
        except Unavailable as error:
            table.add("with PostgreSQL", f"not tried: {error}")
        else:
            table.add("start to ready, data in PostgreSQL", f"{second.seconds['ready']:.1f} s")


if __name__ == "__main__":
    main()
