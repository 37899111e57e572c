"""The OpenAPI document is whole, and the page made of it shows all of it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.errors import PlaygroundError
from app.web.problems import problem_kinds

METHODS = {"get", "post", "patch", "delete"}

BYTES = "application/octet-stream"


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    return client.get("/api/v1/openapi.json").json()


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield path, method, operation


def test_every_call_of_the_interface_is_described(document: dict[str, Any]) -> None:
    described = {(method.upper(), path.removeprefix("/api/v1")) for path, method, _ in _operations(document)}
    assert described == {
        ("GET", "/catalog"),
        ("GET", "/presets"),
        ("POST", "/runs"),
        ("GET", "/runs"),
        ("GET", "/runs/{run_id}"),
        ("PATCH", "/runs/{run_id}"),
        ("DELETE", "/runs/{run_id}"),
        ("POST", "/runs/{run_id}/commands"),
        ("POST", "/runs/{run_id}/branch"),
        ("GET", "/runs/{run_id}/events"),
        ("GET", "/events"),
        ("POST", "/datasets"),
        ("GET", "/datasets/{dataset_id}"),
        ("GET", "/datasets/{dataset_id}/pictures/{index}"),
        ("GET", "/runs/{run_id}/history"),
        ("GET", "/runs/{run_id}/journal"),
        ("GET", "/runs/{run_id}/diagnosis"),
        ("GET", "/runs/{run_id}/data"),
        ("GET", "/runs/{run_id}/pictures"),
        ("GET", "/runs/{run_id}/answers"),
        ("GET", "/runs/{run_id}/explain"),
        ("POST", "/runs/{run_id}/explain"),
        ("GET", "/runs/{run_id}/parameters"),
        ("POST", "/runs/{run_id}/predict"),
        ("POST", "/runs/{run_id}/landscape"),
        ("GET", "/runs/{run_id}/landscape"),
        ("POST", "/runs/{run_id}/share"),
        ("DELETE", "/runs/{run_id}/share"),
        ("POST", "/runs/{run_id}/copy"),
        ("PATCH", "/runs/{run_id}/label"),
        ("GET", "/runs/{run_id}/file"),
        ("POST", "/runs/import"),
        ("POST", "/runs/{run_id}/restore"),
        ("POST", "/comparisons"),
        ("GET", "/comparisons"),
        ("POST", "/sweeps"),
        ("GET", "/sweeps"),
        ("GET", "/sweeps/{sweep_id}"),
        ("DELETE", "/sweeps/{sweep_id}"),
        ("POST", "/sweeps/{sweep_id}/commands"),
        ("POST", "/sweeps/{sweep_id}/runs"),
    }


def test_every_call_says_who_may_ask_and_how_often(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    assert {name for choice in document["security"] for name in choice} == set(schemes) == {"token", "cookie"}
    for _, method, operation in _operations(document):
        assert {"401", "429", "500"} <= set(operation["responses"])
        assert ("403" in operation["responses"]) == (method != "get")
        assert "Retry-After" in operation["responses"]["429"]["headers"]


def test_every_reference_leads_to_a_schema(document: dict[str, Any]) -> None:
    references = set(re.findall(r"'#/components/schemas/([^']+)'", str(document)))
    assert references
    assert references <= set(document["components"]["schemas"])
    assert "HTTPValidationError" not in str(document)


def test_every_call_has_a_summary_a_description_and_a_name_of_its_own(document: dict[str, Any]) -> None:
    operations = [operation for _, _, operation in _operations(document)]
    assert all(operation["summary"] and operation["description"] for operation in operations)
    assert len({operation["operationId"] for operation in operations}) == len(operations)


def test_every_body_has_a_schema_and_examples(document: dict[str, Any]) -> None:
    """That examples can be sent is tested in tests/e2e/test_examples.py."""
    bodies = [operation["requestBody"] for _, _, operation in _operations(document) if "requestBody" in operation]
    assert len(bodies) == 14
    for body in bodies:
        assert all(content["schema"] for content in body["content"].values())
        assert any(content.get("examples") for content in body["content"].values()) or set(body["content"]) == {BYTES}


def test_replies_have_the_fields_that_are_promised(client: TestClient, document: dict[str, Any]) -> None:
    points, pictures = (client.post("/api/v1/runs", json={"family": family}).json()["id"] for family in ("mlp", "cnn"))
    schemas = document["components"]["schemas"]
    for path, method, operation in _operations(document):
        content = operation["responses"].get("200", {}).get("content", {}).get("application/json")
        if method == "get" and content and not {"{dataset_id}", "{sweep_id}"}.intersection(path.split("/")):
            schema = schemas[content["schema"]["$ref"].rpartition("/")[2]]
            if "properties" not in schema:
                continue  # one of several
            run_id = pictures if "pictures" in operation["tags"] else points
            address = path.replace("{run_id}", run_id) + ("?runs=" + run_id if path.endswith("/comparisons") else "")
            assert set(client.get(address).json()) == set(schema["properties"])


def test_page_shows_every_call_schema_and_problem_without_anything_from_elsewhere(
    client: TestClient, document: dict[str, Any]
) -> None:
    response = client.get("/api/v1/docs")
    assert response.status_code == 200
    page = response.text
    for path, _, operation in _operations(document):
        assert f'id="{operation["operationId"]}"' in page
        assert path in page
    for name in document["components"]["schemas"]:
        assert f'id="schema-{name}"' in page
    for kind in problem_kinds():
        assert f'id="{kind.slug}"' in page
    addresses = re.findall(r'(?:src|href)="(?!#)([^"]*)"', page)
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)
    targets = set(re.findall(r'href="#([^"]*)"', page))
    assert targets <= set(re.findall(r'id="([^"]*)"', page))


def test_all_kinds_of_problems_are_found() -> None:
    slugs = [kind.slug for kind in problem_kinds()]
    assert slugs[0] == PlaygroundError.slug
    assert {"invalid-input", "malformed-input", "not-found", "conflict", "too-large", "method-not-allowed"} <= set(
        slugs
    )
    assert len(set(slugs)) == len(slugs)


def test_addresses_of_the_framework_are_closed(application: FastAPI, client: TestClient) -> None:
    assert [client.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")] == [404] * 3
