"""The OpenAPI document: what the routes say of themselves, with the schemas of bodies that are read by hand."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.schemas.catalog import Catalog
from app.schemas.command import Command
from app.schemas.experiment import Experiment
from app.schemas.run import Journal, PatchedRun, RunDocument
from app.web.api.documents import (
    ArraysDocument,
    DatasetDocument,
    HistoryDocument,
    Predictions,
    PredictRequest,
    PresetList,
    RunList,
)
from app.web.api.replies import BASE
from app.web.problems import Problem

ADDRESS = f"{BASE}/openapi.json"
MODELS: tuple[type[BaseModel], ...] = (
    Experiment,
    Command,
    RunDocument,
    PatchedRun,
    Journal,
    RunList,
    PredictRequest,
    Predictions,
    HistoryDocument,
    ArraysDocument,
    DatasetDocument,
    Catalog,
    PresetList,
    Problem,
)
DESCRIPTION = """\
Make a run from an Experiment, tell it to play, watch it, change it while it learns, and take its numbers home.

Every error has one shape (RFC 9457, `application/problem+json`) with `type`, `title`, `status`, `detail` and `errors`,
which names the path of each bad field. Numbers that are not finite are null.
"""


def install(app: FastAPI) -> None:
    """Let `app` describe itself by `document`."""
    app.openapi = lambda: document(app)


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of `app`, made once."""
    if app.openapi_schema is None:
        described = get_openapi(
            title=app.title,
            version=app.version,
            description=DESCRIPTION,
            routes=app.routes,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        )
        for operations in described["paths"].values():
            for operation in operations.values():
                _remove_framework_errors(operation)
        _, schemas = models_json_schema(
            [(model, "validation") for model in MODELS], ref_template="#/components/schemas/{model}"
        )
        described["components"] = {"schemas": schemas["$defs"]}
        app.openapi_schema = described
    return app.openapi_schema


def _remove_framework_errors(operation: dict[str, Any]) -> None:
    """FastAPI adds its own 422 wherever there is a parameter; here errors have another shape."""
    if "HTTPValidationError" in str(operation["responses"].get("422")):
        del operation["responses"]["422"]
