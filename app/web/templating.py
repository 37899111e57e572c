"""The one Jinja environment, and where templates and static files are."""

from pathlib import Path

from jinja2 import TemplateNotFound
from starlette.templating import Jinja2Templates

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
TEMPLATES = Jinja2Templates(ROOT / "templates")


def compile_templates() -> None:
    """All of them, so that no visitor waits for it; takes half a second."""
    for name in TEMPLATES.env.list_templates():
        TEMPLATES.get_template(name)


def has_template(name: str) -> bool:
    """Whether templates/ holds `name`."""
    try:
        TEMPLATES.get_template(name)
    except TemplateNotFound:
        return False
    return True
