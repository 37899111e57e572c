"""Templates use what their context has, and nothing else; contexts hold nothing that no template shows."""

from dataclasses import fields

import pytest
from jinja2 import meta, nodes

from app.web.compare.page import ComparePage
from app.web.compare.routes import PAGE as COMPARE_PAGE
from app.web.compare.routes import START, CompareStart
from app.web.files import PROBLEM, FileProblem
from app.web.gallery import GALLERY, Gallery
from app.web.lab.answers import LAB
from app.web.lab.context import Lab, LabPage, TransportPart
from app.web.lab.own_points import OwnPreview
from app.web.own_points import PREVIEW
from app.web.pages import PAGE, TRANSPORT
from app.web.sweeps.page import SweepPage, SweepProblem, SweepsPage
from app.web.sweeps.routes import LIST, NEW
from app.web.sweeps.routes import PAGE as SWEEP_PAGE
from app.web.sweeps.routes import PROBLEM as SWEEP_PROBLEM
from app.web.sweeps.start import SweepStart
from app.web.templating import TEMPLATES


def names_used(template: str) -> set[str]:
    """The variables of a template and of those that it includes or extends, which see what it has imported and set."""
    environment = TEMPLATES.env
    assert environment.loader is not None
    source, _, _ = environment.loader.get_source(environment, template)
    tree = environment.parse(source)
    used = meta.find_undeclared_variables(tree)
    for other in meta.find_referenced_templates(tree):
        if other and not other.startswith("macros/"):
            used |= names_used(other)
    imported = {str(name) for node in tree.find_all(nodes.FromImport) for name in node.names}
    assigned = {node.target.name for node in tree.find_all(nodes.Assign) if isinstance(node.target, nodes.Name)}
    return used - set(environment.globals) - imported - assigned


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        (PAGE, LabPage),
        (LAB, Lab),
        (TRANSPORT, TransportPart),
        (PREVIEW, OwnPreview),
        (GALLERY, Gallery),
        (COMPARE_PAGE, ComparePage),
        (START, CompareStart),
        (NEW, SweepStart),
        (SWEEP_PAGE, SweepPage),
        (SWEEP_PROBLEM, SweepProblem),
        (LIST, SweepsPage),
        (PROBLEM, FileProblem),
    ],
)
def test_a_template_uses_exactly_the_fields_of_its_context(template: str, shown: type) -> None:
    assert names_used(template) == {field.name for field in fields(shown)}
