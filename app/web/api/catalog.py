"""The catalog as this server has it: the schema's choices, its families' metrics, its limits."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from app.families.base import AnyFamily
from app.families.registry import FAMILIES
from app.runs.umap import installed
from app.schemas.catalog import Catalog, FamilyChoice, catalog
from app.schemas.data import Task
from app.schemas.explain import EXPLANATIONS
from app.schemas.fixed import FIXED, TASKS
from app.schemas.frame import FRAME_PARTS
from app.schemas.resolve import Problem
from app.settings import Settings
from app.web.api.describe import reply
from app.web.api.replies import json_response
from app.web.state import Parts

router = APIRouter(prefix="/catalog", tags=["catalog"])


@router.get("", summary="See what can be chosen", responses=reply(Catalog, "Everything that can be chosen."))
async def read_catalog(parts: Parts) -> Response:
    """Families, data, layers, activations, losses, optimisers and so on, each with its fields and their ranges.

    `schema` is the Experiment's JSON Schema, `defaults` the Experiment of which nothing is given.
    """
    return json_response(await run_in_threadpool(server_catalog, parts.settings))


_CLASSES: Mapping[Task, int] = {"classification": 3, "regression": 0, "detection": 3}


def server_catalog(settings: Settings) -> Catalog:
    """The catalog of a server with these settings."""
    explanations = (kind for kind in EXPLANATIONS if kind != "umap" or installed())
    return catalog(settings, map(_family, FAMILIES.values()), explanations)


def _family(family: AnyFamily) -> FamilyChoice:
    return FamilyChoice(
        name=family.name,
        title=family.title,
        fixed=tuple(FIXED[family.name]),
        sees=family.sees,
        metrics={task: family.metric_names(Problem(task, _CLASSES[task])) for task in TASKS[family.name]},
        parts=tuple(part for part in FRAME_PARTS if part in family.probes),
    )
