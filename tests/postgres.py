"""A PostgreSQL that is thrown away: found, or installed from Debian's packages, started, shared, stopped.

Whoever wants it holds it for as long as it is needed; the first starts it, the last ends it, in whatever processes.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine

USER = "nnplay"
# Nothing of it is to survive, so nothing waits for the disk.
OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
DEBIAN = Path("/usr/lib/postgresql")


class Unavailable(Exception):
    """There is no PostgreSQL on this machine, and none can be installed."""


class Cluster:
    """A running cluster, which is reached by a socket in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, database: str) -> str:
        """The URL of a database."""
        query = {"host": str(self.folder)}
        return URL.create("postgresql", USER, database=database, query=query).render_as_string()

    def database(self, name: str) -> str:
        """The URL of a database that is made where it does not exist."""
        engine = create_engine(self.url("postgres").replace(":", "+psycopg:", 1), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            known = connection.exec_driver_sql("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).scalar()
            if not known:
                connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        engine.dispose()
        return self.url(name)


@contextmanager
def shared_cluster(folder: Path, say: Callable[[str], None]) -> Generator[Cluster]:
    """A cluster that all processes with the same `folder` share. Raises Unavailable.

    Each user holds a shared lock; who can have it exclusively is alone.
    """
    place = folder / "postgres.place"
    with (folder / "postgres.users").open("a") as users:
        with _locked(folder / "postgres.lock"):
            if _alone(users.fileno()):
                place.write_text(str(_start(say)))
            fcntl.flock(users, fcntl.LOCK_SH)
            cluster = Path(place.read_text())
        try:
            yield Cluster(cluster)
        finally:
            with _locked(folder / "postgres.lock"):
                fcntl.flock(users, fcntl.LOCK_UN)
                if _alone(users.fileno()):
                    _stop(cluster)


@contextmanager
def _locked(path: Path) -> Generator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _alone(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start(say: Callable[[str], None]) -> Path:
    """Starts a new cluster in a folder of its own, which is returned."""
    programs = _programs() or _installed(say)
    folder = Path(tempfile.mkdtemp(prefix="nnplay-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _unprivileged())
    _run(
        programs / "initdb",
        "--no-sync",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        f"--username={USER}",
        folder / "data",
        folder=folder,
    )
    options = f"{OPTIONS} -k {folder}"
    _run(
        programs / "pg_ctl",
        "start",
        "--wait",
        "-D",
        folder / "data",
        "-l",
        folder / "log",
        "-o",
        options,
        folder=folder,
    )
    return folder


def _stop(folder: Path) -> None:
    programs = _programs()
    assert programs
    _run(programs / "pg_ctl", "stop", "--mode=immediate", "-D", folder / "data", folder=folder)
    shutil.rmtree(folder)


def _run(*command: str | Path, folder: Path) -> None:
    """Runs a program of PostgreSQL, as somebody else where this is root, as whom it refuses to run."""
    user = _unprivileged() if os.geteuid() == 0 else None
    group = pwd.getpwnam(user).pw_gid if user else None
    # To a file, not a pipe: the server keeps what it is given open.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=user,
            group=group,
            extra_groups=[] if user else None,
            check=False,
        )
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[0]}: {output.read().decode(errors='replace')}")


def _unprivileged() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _programs() -> Path | None:
    """Where `initdb` and its like are, the latest version first."""
    versions = sorted(DEBIAN.glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    on_path = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    return next((folder for folder in (*versions, *on_path) if (folder / "initdb").exists()), None)


def _installed(say: Callable[[str], None]) -> Path:
    """Installs PostgreSQL. Raises Unavailable where this is not for this user, or does not work."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Unavailable("PostgreSQL is not installed: `apt-get install postgresql`, as root, installs it.")
    say("PostgreSQL is not installed; installing it from Debian's packages ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "postgresql"]):
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Unavailable(f"PostgreSQL is not installed, and {' '.join(command)} failed: {done.stderr[-500:]}")
    programs = _programs()
    if programs is None:
        raise Unavailable("Debian's package postgresql brought no initdb.")
    return programs
