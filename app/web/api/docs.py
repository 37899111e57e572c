"""The documentation of the REST interface as a page: no script, nothing from elsewhere."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.web.api.reference import api_page
from app.web.api.replies import BASE
from app.web.templating import TEMPLATES

router = APIRouter(include_in_schema=False)
problem_router = APIRouter(include_in_schema=False)

PAGE = "pages/api.html"


@router.get("/openapi.json")
async def read_openapi(request: Request) -> Response:
    """The OpenAPI document."""
    return JSONResponse(request.app.openapi())


@router.get("/docs")
async def read_docs(request: Request) -> Response:
    """The page; its context is an ApiPage."""
    page = api_page(request.app.openapi(), str(request.base_url).rstrip("/"))
    return TEMPLATES.TemplateResponse(request, PAGE, {"page": page})


@problem_router.get("/problems/{slug}")
async def explain_problem(request: Request, slug: str) -> Response:
    """Where a problem's `type` leads to."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}{BASE}/docs#{slug}", status_code=303)
