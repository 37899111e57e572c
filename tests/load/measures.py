"""Numbers that a load is judged by."""

import time
from collections.abc import Sequence
from pathlib import Path

from tests.servers import RunningServer


def jain(shares: Sequence[float]) -> float:
    """Jain's index of fairness: 1 where all are equal, 1 / n where one has everything."""
    squares = sum(share * share for share in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else 0.0


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which that part of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


def resident_bytes(server: RunningServer) -> int:
    """The server's resident memory."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


def processor_seconds(server: RunningServer) -> float:
    """The processor time that the server has used."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def wait_until_idle(server: RunningServer) -> None:
    """Waits until the server has warmed up: it hardly uses the processor any more, or two minutes have gone by."""
    for _ in range(60):
        before = processor_seconds(server)
        time.sleep(2)
        if processor_seconds(server) - before < 0.2:
            return
