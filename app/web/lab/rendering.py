"""Typed contexts into templates: the fields of a frozen dataclass are the names that its template may use."""

import re
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi.responses import HTMLResponse

from app.web.templating import STATIC, TEMPLATES

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_IMPORT = re.compile(r'^(?:import|export|\})[^"\n]*"(\.[^"]+)"', re.MULTILINE)


def render(
    template: str, context: "DataclassInstance", status: int = 200, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """The template filled with the fields of `context`."""
    names = {field.name: getattr(context, field.name) for field in fields(context)}
    html = TEMPLATES.get_template(template).render(names)
    # One address may have a page and a part of it, which a browser must not show in place of the page.
    kept = {"Vary": "HX-Request"} | ({"Cache-Control": "no-store"} if template.startswith("partials/") else {})
    return HTMLResponse(html, status_code=status, headers={**kept, **(headers or {})})


@cache
def js_modules(entry: str) -> tuple[str, ...]:
    """Addresses of a page's first JavaScript module and all that it imports, so that they are fetched at once."""
    folder, found = STATIC / "js", list[Path]()
    waiting = [folder / entry]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.append(path)
            waiting += [(path.parent / name).resolve() for name in _IMPORT.findall(path.read_text())]
    return tuple(f"/static/js/{path.relative_to(folder).as_posix()}" for path in sorted(found))
