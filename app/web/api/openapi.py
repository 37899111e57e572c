"""The OpenAPI document: what the routes say of themselves, with the schemas of bodies that are read by hand."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.runs.archive import Label
from app.schemas.catalog import Catalog
from app.schemas.command import Command, Point
from app.schemas.comparison import Comparison
from app.schemas.experiment import ExperimentDocument
from app.schemas.explain import Explanation
from app.schemas.finding import Diagnosis
from app.schemas.landscape import Landscape, LandscapeRequest
from app.schemas.run import Journal, PatchedRun, RunDocument
from app.schemas.sweep import Sweep, SweepDocument
from app.web.api.dataset_documents import DatasetDocument, PictureUpload
from app.web.api.describe import problems
from app.web.api.documents import (
    AnswersDocument,
    ArraysDocument,
    ComparedRuns,
    ComparisonTable,
    DrawnPicture,
    HistoryDocument,
    LabelPatch,
    PicturesDocument,
    Predictions,
    PredictRequest,
    PresetList,
    RunList,
    ShareLink,
    SweepCommand,
    SweepList,
    SweepRuns,
)
from app.web.api.replies import BASE
from app.web.problems import Problem
from app.web.visitors import COOKIE

ADDRESS = f"{BASE}/openapi.json"
MODELS: tuple[type[BaseModel], ...] = (
    ExperimentDocument,
    Command,
    Point,
    RunDocument,
    PatchedRun,
    Journal,
    Diagnosis,
    Explanation,
    RunList,
    Comparison,
    ComparedRuns,
    ComparisonTable,
    Sweep,
    SweepDocument,
    SweepList,
    SweepCommand,
    SweepRuns,
    LabelPatch,
    Label,
    ShareLink,
    PredictRequest,
    Predictions,
    DrawnPicture,
    LandscapeRequest,
    Landscape,
    HistoryDocument,
    ArraysDocument,
    DatasetDocument,
    PictureUpload,
    PicturesDocument,
    AnswersDocument,
    Catalog,
    PresetList,
    Problem,
)
DESCRIPTION = """\
Make a run from an Experiment, tell it to play, watch it, change it while it learns, and take its numbers home.

Every error has one shape (RFC 9457, `application/problem+json`) with `type`, `title`, `status`, `detail` and `errors`,
which names the path of each bad field. Numbers that are not finite are null.

What you make is yours: others get 404. On a server for many, you are known by a token, sent as `Authorization: Bearer`
(whoever runs the server makes one with `nnplay token create`), or by the cookie that comes with the first thing that
you make; with curl, add `-b nnplay.txt -c nnplay.txt` to every command. A server that listens to its own machine alone
asks for neither.
"""
# Who asks; nobody need say so on a server for a single user, nor to make the first run.
SECURITY_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "From `nnplay token create`."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Comes with the first run."},
}


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
            for method, operation in operations.items():
                _remove_framework_errors(operation)
                _add_common_errors(method, operation)
        _, schemas = models_json_schema(
            [(model, "validation") for model in MODELS], ref_template="#/components/schemas/{model}"
        )
        described["components"] = {"schemas": schemas["$defs"], "securitySchemes": SECURITY_SCHEMES}
        described["security"] = [{}, *({name: []} for name in SECURITY_SCHEMES)]
        app.openapi_schema = described
    return app.openapi_schema


def _remove_framework_errors(operation: dict[str, Any]) -> None:
    """FastAPI adds its own 422 wherever there is a parameter; here errors have another shape."""
    if "HTTPValidationError" in str(operation["responses"].get("422")):
        del operation["responses"]["422"]


def _add_common_errors(method: str, operation: dict[str, Any]) -> None:
    """What any call can end with: who asks is not known, or asks too often; or, for a change, from another site."""
    common = problems(401, 421, 429)
    if method != "get":
        common |= problems(403)
    if "requestBody" in operation:
        common |= problems(408)
    retry = {"description": "Seconds after which to try again.", "schema": {"type": "integer"}}
    for status, described in common.items():
        operation["responses"].setdefault(str(status), described)
    operation["responses"]["429"] |= {"headers": {"Retry-After": retry}}
