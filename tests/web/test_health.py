"""Liveness, readiness, and what Prometheus is told."""

import gzip

from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from tests.web.fakes import FakeService


def _samples(client: TestClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_server_is_alive_at_once(client: TestClient, service: FakeService) -> None:
    service.ready = False
    assert client.get("/healthz").json() == {"status": "ok"}


def test_server_is_ready_once_its_programs_are(client: TestClient, service: FakeService) -> None:
    service.ready = False
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["retry-after"]
    service.ready = True
    assert client.get("/readyz").status_code == 200


def test_requests_are_counted_by_the_pattern_of_their_route(client: TestClient) -> None:
    for seed in (1, 2):
        client.get(client.post("/api/v1/runs", json={"seed": seed}).headers["location"])
    client.get("/api/v1/runs/nobody/history")
    client.get("/nowhere")
    samples = _samples(client)

    def count(method: str, route: str, status: int) -> float:
        labels = {"method": method, "route": route, "status": str(status)}
        return samples["nnplay_request_seconds_count", frozenset(labels.items())]

    assert count("POST", "/api/v1/runs", 201) == 2
    assert count("GET", "/api/v1/runs/{run_id}", 200) == 2
    assert count("GET", "/api/v1/runs/{run_id}/history", 404) == 1
    assert count("GET", "unknown", 404) == 1


def test_runs_are_counted_by_status(client: TestClient) -> None:
    client.post("/api/v1/runs")
    client.post("/api/v1/runs?play=true")
    samples = _samples(client)
    assert samples["nnplay_runs", frozenset({("status", "created")})] == 1
    assert samples["nnplay_runs", frozenset({("status", "running")})] == 1
    assert samples["nnplay_runs", frozenset({("status", "failed")})] == 0


def test_service_tells_what_it_does(client: TestClient) -> None:
    samples = _samples(client)

    def value(name: str, **labels: str) -> float:
        return samples[f"nnplay_{name}", frozenset(labels.items())]

    assert (value("steps_total"), value("frames_total"), value("frames_shed_total")) == (1_000, 20, 7.5)
    assert (value("compiles_total"), value("compile_seconds_total"), value("compiles_waiting")) == (3, 4.5, 2)
    assert value("storage_seconds_total") == 0.5
    assert (value("slice_lag_seconds_count"), value("slice_lag_seconds_sum")) == (9, 2.5)
    assert value("slice_lag_seconds_bucket", le="0.02") == 8


def test_head_is_get_without_a_body(client: TestClient) -> None:
    head, get = client.head("/api/v1/openapi.json"), client.get("/api/v1/openapi.json")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    assert client.head("/nowhere").status_code == 404


def test_ordinary_responses_are_compressed_for_those_who_ask(client: TestClient) -> None:
    plain = client.get("/api/v1/catalog", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with client.stream("GET", "/api/v1/catalog", headers={"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join(packed.iter_raw())) == plain.content
