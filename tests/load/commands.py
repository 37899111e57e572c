"""Commands at a steady rate on runs at random, timed by a process that does nothing else."""

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

import httpx

from tests.load.visitors import Visitor, plain_client

RATE = 10.0
"""Commands a second, all visitors together."""
_HANDS = 16
"""So many may wait for their answers at once: a slow answer must not make the next command late."""


@dataclass
class Answers:
    """How long each command took until it was acknowledged, in seconds, and what went wrong."""

    seconds: list[float] = field(default_factory=list[float])
    errors: list[str] = field(default_factory=list[str])


def command(visitors: Sequence[Visitor], duration: float) -> Answers:
    """Sends them for so many seconds: changes of the learning rate, and pauses that end at once."""
    answers, lock, dice = Answers(), Lock(), random.Random(0)
    began = time.monotonic()

    def act(work: Callable[[httpx.Client], float], client: httpx.Client) -> None:
        try:
            seconds = work(client)
        except httpx.HTTPError as error:
            with lock:
                answers.errors.append(f"{type(error).__name__}: {error}")
        else:
            with lock:
                answers.seconds.append(seconds)

    def turn(visitor: Visitor, rate: float, client: httpx.Client) -> None:
        if rate:
            act(lambda client: visitor.set_learning_rate(client, rate), client)
        else:
            act(lambda client: visitor.tell(client, "pause"), client)
            act(lambda client: visitor.tell(client, "play"), client)

    with plain_client() as client, ThreadPoolExecutor(_HANDS) as hands:
        sent = 0
        while (now := time.monotonic() - began) < duration:
            rate = dice.choice((0.0, 0.01, 0.03))
            hands.submit(turn, dice.choice(visitors), rate, client)
            sent += 1 if rate else 2
            time.sleep(max(0.0, sent / RATE - now))
    return answers
