"""The presets: Experiments that each teach one thing."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.presets.library import presets
from app.schemas.url import to_query
from app.web.api.describe import reply
from app.web.api.documents import PresetList
from app.web.api.replies import json_response

router = APIRouter(prefix="/presets", tags=["catalog"])


@router.get("", summary="See the presets", responses=reply(PresetList, "All presets, the easiest first."))
async def read_presets(request: Request) -> Response:
    """Experiments to begin with, each with what it shows and what to try next (in words, and as a merge patch)."""
    root = request.scope.get("root_path", "")
    return json_response(
        {
            "presets": [
                {
                    **preset.model_dump(mode="json", include={"id", "title", "shows", "tags", "epochs"}),
                    "suggestion": preset.suggestion.model_dump(mode="json", include={"text", "patch"}),
                    "experiment": preset.experiment.document(),
                    "links": {"page": f"{root}/?{to_query(preset.experiment)}"},
                }
                for preset in presets()
            ]
        }
    )
