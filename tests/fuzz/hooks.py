"""What Schemathesis must know of the playground beyond its OpenAPI document.

Requests are bounded so that training ends soon, and what schemas cannot say is told: rules between fields, and CSV.
"""

# The decorator has no types.
# pyright: reportUnknownMemberType=false

from collections import deque
from typing import Any, cast
from urllib.parse import urljoin

import httpx
import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import (
    AllowHeaderMismatch,
    EnsureResourceAvailability,
    RejectedPositiveData,
    UseAfterFree,
)

MOST_STEPS = 20
MOST_EPOCHS = 3
MOST_BUSY = 1
_RULES = {
    "create_run": (
        "training.early_stopping needs",
        "features must not repeat",
        "train_fraction and validation_fraction must leave",
        "give either `points` or the id",
        "the low ends of the domain",
        "does not fit",
        "numbers must lie within",
        "classification needs at least two classes",
        "can be told apart",
        "cannot be split into",
        "has no such choice",
        "cannot learn values",
        "network.layers",  # layers that cannot follow each other
        "data.samples",
        "data.kind: ",  # what cannot be fetched here
    ),
    "command_run": (
        "give either `epoch` or `step`",
        "the index of a ",
        "the output layer included, counted from 0",
        "must lie within [",
        "the run has come no further",
    ),
    "branch_run": ("give either `epoch` or `step`", "the run has come no further"),
    "predict": ("pairs of numbers", "but the first row has", "give at least one row", "pictures of", "the same size"),
    "draw_landscape": ("side must be odd", "are for random directions"),
    "import_run": ("",),  # a file of tensors has rules of its own
    "upload_dataset": ("",),  # CSV and pictures have rules of their own
    "read_pictures": ("does not learn from pictures", "rows: "),
    "read_answers": ("does not learn from pictures",),
    "explain": ("",),  # what can be asked depends on the network
    "explain_sent": ("",),
    "read_picture": ("holds points, not pictures",),
    "patch_run": ("",),  # a patch is good or bad together with what it changes
    "create_comparison": ("",),  # a value is good or bad together with the Experiment that it goes into
    "read_comparison": ("runs: ",),
    "create_sweep": ("",),  # likewise
    "create_runs_of_sweep": ("trials, counted from 0",),
    "watch_run": ("parts: ",),
    "watch_runs": ("parts: ", "runs: "),
}
_WHOLE = "input should be a valid integer"  # 8.0 is one to JSON Schema
_busy: deque[tuple[str, str]] = deque()
"""Where those that train take commands, and which one has them rest."""
_restored: set[str] = set()


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Steps come in small numbers: their answer comes when they are done. Trials train for a few epochs."""
    body: object = case.body
    if isinstance(body, dict):
        command = cast(dict[str, object], body)
        epochs = command.get("epochs")
        if _operation(case) == "create_sweep" and isinstance(epochs, int) and epochs > MOST_EPOCHS:
            command["epochs"] = MOST_EPOCHS
        count = command.get("count")
        if command.get("type") == "step" and isinstance(count, int) and count > MOST_STEPS:
            command["count"] = MOST_STEPS


@schemathesis.hook
def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
    """Of the runs and sweeps that train, only the latest go on. A run that came back from the bin is no deleted one."""
    if not response.headers.get("content-type", [""])[0].startswith("application/json"):
        return
    answer: object = response.json()
    if isinstance(answer, dict):
        told = cast(dict[str, Any], answer)
        several = _operation(case) in ("create_comparison", "create_runs_of_sweep")
        runs: list[dict[str, Any]] = told["runs"] if several else [told]
        busy = [(run["links"]["commands"], "pause") for run in runs if run.get("playing")]
        if _operation(case) == "create_sweep":
            busy = [(f"{told['links']['self']}/commands", "stop")]
        _busy.extend((urljoin(response.request.url or "", link), command) for link, command in busy)
    if _operation(case) == "restore_run" and response.status_code == 200:
        _restored.add(case.path_parameters["run_id"])
    while len(_busy) > MOST_BUSY:
        link, command = _busy.popleft()
        httpx.post(link, json={"type": command}, timeout=20, trust_env=False)


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
    """Whether it is a defect, and nothing that Schemathesis cannot know."""
    operation = _operation(case)
    match failure:
        case AllowHeaderMismatch():
            return operation != "import_run"  # the address could be a run's, too: GET answers 404
        case EnsureResourceAvailability():
            return operation != "restore_run"  # what was just made is not in the bin
        case UseAfterFree():
            return case.path_parameters.get("run_id") not in _restored
        case RejectedPositiveData() if response.status_code in (400, 422):
            return not any(rule in response.text for rule in (*_RULES.get(operation, ()), _WHOLE))
        case _:
            return True


def _operation(case: Case[Any]) -> str:
    return case.operation.definition.raw["operationId"]
