"""Typed contexts into templates: the fields of a frozen dataclass are the names that its template may use."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING

from fastapi.responses import HTMLResponse

from app.web.templating import STATIC, TEMPLATES

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def render(
    template: str, context: "DataclassInstance", status: int = 200, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """The template filled with the fields of `context`."""
    names = {field.name: getattr(context, field.name) for field in fields(context)}
    html = TEMPLATES.get_template(template).render(names)
    return HTMLResponse(html, status_code=status, headers=dict(headers or {}))


@cache
def js_modules() -> tuple[str, ...]:
    """Addresses of all JavaScript modules, so that the page fetches them at once instead of one after another."""
    return tuple(
        f"/static/js/{path.relative_to(STATIC / 'js').as_posix()}" for path in sorted((STATIC / "js").rglob("*.js"))
    )
