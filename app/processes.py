"""Processes of their own: for what takes minutes, or keeps Python's lock for seconds, and so must not happen here."""

import subprocess
import sys
from collections.abc import Collection


def begin(module: str, *arguments: str, files: Collection[int] = ()) -> subprocess.Popen[bytes]:
    """`python -m module`, without warnings; it inherits the open `files`, whose descriptors these are.

    It is in a group of its own: Ctrl-C is for the server, which ends it.
    """
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    return subprocess.Popen(command, pass_fds=files, process_group=0)
