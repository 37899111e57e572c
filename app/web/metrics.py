"""What Prometheus is told: requests by route, open streams, runs by status, and the process itself."""

import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from itertools import accumulate
from typing import get_args

from prometheus_client import CollectorRegistry, Gauge, GCCollector, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.runs.service import RunService
from app.runs.tally import LAG_SECONDS
from app.schemas.run import Status
from app.web.routing import route_pattern

REQUEST_SECONDS = (0.005, 0.02, 0.1, 0.5, 2.5)


class Metrics:
    """One application's metrics, in a registry of their own, so that a process can hold several applications."""

    def __init__(self, service: RunService) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.registry.register(_Runs(service))
        self._streams = Gauge("nnplay_event_streams", "Event streams open now", registry=self.registry)
        self._requests = Histogram(
            "nnplay_request_seconds",
            "Time from a request's first byte to the first byte of its response",
            ("method", "route", "status"),
            buckets=REQUEST_SECONDS,
            registry=self.registry,
        )

    @contextmanager
    def open_stream(self) -> Generator[None]:
        """Counts an event stream while it is open."""
        with self._streams.track_inprogress():
            yield

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one answered request."""
        self._requests.labels(method, route, str(status)).observe(seconds)


class MetricsMiddleware:
    """Counts every request by the pattern of its route, never by its address: ids would make endless series."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and watch for the start of its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                seconds = time.perf_counter() - started
                self._metrics.request(scope["method"], route_pattern(scope), message["status"], seconds)
            await send(message)

        await self._app(scope, receive, watch)


class _Runs(Collector):
    """What the service tells of its runs, when asked."""

    def __init__(self, service: RunService) -> None:
        self._service = service

    def describe(self) -> Iterable[Metric]:
        return [GaugeMetricFamily("nnplay_runs", "Runs that are awake, by status", labels=("status",))]

    def collect(self) -> Iterable[Metric]:
        figures = self._service.figures()
        runs = GaugeMetricFamily("nnplay_runs", "Runs that are awake, by status", labels=("status",))
        for status in get_args(Status):
            runs.add_metric([status], figures.statuses.get(status, 0))
        yield runs
        yield GaugeMetricFamily("nnplay_ready", "Whether the common programs are compiled", value=self._service.ready)
        yield CounterMetricFamily("nnplay_steps", "Updates of parameters", value=figures.steps)
        yield HistogramMetricFamily(
            "nnplay_slice_lag_seconds",
            "Time from when a run was due to train until it did",
            buckets=_cumulative(figures.lags),
            sum_value=figures.lag_seconds,
        )
        yield CounterMetricFamily("nnplay_frames", "Frames published", value=figures.frames)
        yield CounterMetricFamily("nnplay_frames_shed", "Frames left out as many are watched", value=figures.shed)
        yield CounterMetricFamily(
            "nnplay_compiles", "Programs compiled or fetched from a cache", value=figures.compiles
        )
        yield CounterMetricFamily("nnplay_compile_seconds", "Time spent on that", value=figures.compile_seconds)
        yield GaugeMetricFamily("nnplay_compiles_waiting", "Programs in the queue", value=figures.compiles_waiting)
        yield CounterMetricFamily("nnplay_storage_seconds", "Time spent writing", value=figures.storage_seconds)


def _cumulative(lags: Sequence[int]) -> list[tuple[str, float]]:
    """Prometheus' buckets: each counts those before it, too."""
    bounds = [*map(str, LAG_SECONDS), "+Inf"]
    return list(zip(bounds, map(float, accumulate(lags)), strict=True))
