"""Several seeds of the default Experiment that train together, beside one that trains alone."""

import os
import time
from statistics import median
from typing import Any

import httpx

from tests.benchmarks.report import Table

_COUNTS = (1, 2, 4, 8, 16)
_SETTLING_SECONDS = 2.0
_SECONDS = 5.0
_ROUNDS = 3


def measure(client: httpx.Client) -> Table:
    """Updates a second at full speed, nobody watching; of three rounds the median ratio."""
    cores = os.cpu_count() or 1
    table = Table(
        "Seeds that train together", ("runs", "steps/s of all", "× one alone", "each, of one alone", "wanted of each")
    )
    rounds = [{count: _steps_per_second(client, count) for count in _COUNTS} for _ in range(_ROUNDS)]
    for count in _COUNTS:
        ratio = median(rates[count] / rates[1] for rates in rounds)
        steps = median(rates[count] for rates in rounds)
        wanted = 0.5 * min(1.0, cores / count)
        table.add(f"{count}", f"{steps:,.0f}", f"{ratio:.2f}", f"{ratio / count:.3f}", f"≥ {wanted:.3f}")
    return table


def _steps_per_second(client: httpx.Client, count: int) -> float:
    """Of so many runs, all together."""
    runs = [_made(client, {"seed": seed}) for seed in range(count)]
    for run in runs:
        client.post(f"{run}/commands", json={"type": "play"}).raise_for_status()
    time.sleep(_SETTLING_SECONDS)
    before, began = _steps(client, runs), time.perf_counter()
    time.sleep(_SECONDS)
    after, seconds = _steps(client, runs), time.perf_counter() - began
    for run in runs:
        client.delete(run).raise_for_status()
    return (after - before) / seconds


def _made(client: httpx.Client, experiment: dict[str, Any]) -> str:
    return client.post("/api/v1/runs", json=experiment).raise_for_status().headers["location"]


def _steps(client: httpx.Client, runs: list[str]) -> int:
    return sum(client.get(run).raise_for_status().json()["step"] for run in runs)
