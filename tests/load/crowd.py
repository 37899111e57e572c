"""A class: each visitor trains a default network and watches it, while commands come in; is everybody served alike?"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from tests.load.commands import Answers, command
from tests.load.measures import jain, percentile, processor_seconds, resident_bytes
from tests.load.streams import EventStream
from tests.load.visitors import Visitor, plain_client
from tests.servers import RunningServer

_SETTLING_SECONDS = 5.0
PAGE_SPEED = 30.0
"""Epochs per second at which the page starts runs."""


@dataclass(frozen=True)
class Outcome:
    """What a crowd met with. Times are in seconds."""

    visitors: int
    seconds: float
    frames: list[float]
    """Per second, by visitor."""
    steps: list[int]
    """By visitor."""
    longest_gap: float
    frame_bytes: float
    answers: Answers
    errors: list[str]
    half_bytes: int
    """The server's memory half-way."""
    end_bytes: int
    busy: float
    """The server's use of the processor, in cores."""

    @property
    def fairness(self) -> float:
        """Jain's index of the steps."""
        return jain(self.steps)

    @property
    def growth(self) -> float:
        """Of the server's memory in the second half."""
        return self.end_bytes / self.half_bytes - 1

    def acknowledged(self, part: float) -> float:
        """This percentile of the time until a command was acknowledged."""
        return percentile(self.answers.seconds, part)


def crowd(server: RunningServer, visitors: int, seconds: float, *, speed: float | None) -> Outcome:
    """Has so many visitors train for so long, at this speed (epochs per second) or as fast as the server can."""
    everybody = [Visitor(server.url) for _ in range(visitors)]
    with plain_client() as client:
        for visitor in everybody:
            visitor.create(client)
            if speed is not None:
                visitor.tell(client, "speed", epochs_per_second=speed)
            visitor.tell(client, "play")
        try:
            return asyncio.run(_watch(server, everybody, seconds))
        finally:
            for visitor in everybody:
                visitor.delete(client)


async def _watch(server: RunningServer, visitors: Sequence[Visitor], seconds: float) -> Outcome:
    loop = asyncio.get_running_loop()
    streams = [await EventStream.open(server.url, each.stream_path, each.headers) for each in visitors]
    with ProcessPoolExecutor(1, get_context("spawn")) as commander:
        await asyncio.sleep(_SETTLING_SECONDS)
        for stream in streams:
            stream.mark()
        began, steps, busy = loop.time(), [stream.step for stream in streams], processor_seconds(server)
        commanding = loop.run_in_executor(commander, command, visitors, seconds)
        await asyncio.sleep(seconds / 2)
        half = resident_bytes(server)
        await asyncio.sleep(began + seconds - loop.time())
        end, took = resident_bytes(server), loop.time() - began
        frames = [stream.frames for stream in streams]
        outcome = Outcome(
            visitors=len(visitors),
            seconds=took,
            frames=[count / took for count in frames],
            steps=[stream.step - before for stream, before in zip(streams, steps, strict=True)],
            longest_gap=max(stream.longest_gap for stream in streams),
            frame_bytes=sum(stream.received for stream in streams) / max(1, sum(frames)),
            answers=await commanding,
            errors=[stream.error for stream in streams if stream.error],
            half_bytes=half,
            end_bytes=end,
            busy=(processor_seconds(server) - busy) / took,
        )
    for stream in streams:
        stream.close()
    return outcome
