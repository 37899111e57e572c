"""The long way to where a run is: its journal, followed by a trainer that knows nothing of runs."""

from app.engine.setup import NoUploads, build_setup
from app.engine.trainer import Trainer
from app.schemas.command import Edit
from app.schemas.document import parse_value
from app.schemas.patch import apply_patch
from app.schemas.run import Journal
from tests.engine.cases import program


def replay(journal: Journal) -> Trainer:
    """A trainer to which all was done that the journal tells, and nothing else."""
    current = journal.experiment
    made = Trainer(build_setup(current, NoUploads()))
    for entry in journal.entries:
        made.advance(program(made.setup), entry.step - made.step)
        if entry.change.get("type") == "edit":
            made.edit(parse_value(Edit, entry.change))
        elif entry.change.get("type") == "step":
            made.advance(program(made.setup), int(str(entry.change["count"])), single=True)
        else:
            current = apply_patch(current, dict(entry.change))
            made.change(build_setup(current, NoUploads(), made.setup), entry.change)
    made.advance(program(made.setup), journal.step - made.step)
    return made
