"""What Schemathesis must know of the playground beyond its OpenAPI document.

Requests are bounded so that training ends soon, and what schemas cannot say is told: rules between fields, and CSV.
"""

from collections import deque
from typing import Any, cast
from urllib.parse import urljoin

import httpx
import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import RejectedPositiveData

MOST_STEPS = 20
MOST_PLAYING = 1
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
    ),
    "command_run": (
        "give either `epoch` or `step`",
        "the index of a ",
        "the output layer included, counted from 0",
        "must lie within [",
    ),
    "predict": ("pairs of numbers", "but the first row has", "give at least one row"),
    "import_run": ("",),  # a file of tensors has rules of its own
    "upload_dataset": ("",),  # CSV has rules of its own
    "patch_run": ("",),  # a patch is good or bad together with what it changes
    "watch_run": ("parts: ",),
    "watch_runs": ("parts: ", "runs: "),
}
_WHOLE = "input should be a valid integer"  # 8.0 is one to JSON Schema
_playing: deque[str] = deque()


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Steps come in small numbers: their answer comes when they are done."""
    body: object = case.body
    if isinstance(body, dict):
        command = cast(dict[str, object], body)
        count = command.get("count")
        if command.get("type") == "step" and isinstance(count, int) and count > MOST_STEPS:
            command["count"] = MOST_STEPS


@schemathesis.hook
def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
    """Of the runs that play, only the latest play on."""
    if not response.headers.get("content-type", [""])[0].startswith("application/json"):
        return
    answer: object = response.json()
    if isinstance(answer, dict) and cast(dict[str, object], answer).get("playing"):
        _playing.append(urljoin(response.request.url or "", cast(dict[str, Any], answer)["links"]["commands"]))
    if len(_playing) > MOST_PLAYING:
        httpx.post(_playing.popleft(), json={"type": "pause"}, timeout=20, trust_env=False)


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
    """A valid document may be refused by one of the rules that no schema can tell."""
    if not isinstance(failure, RejectedPositiveData) or response.status_code not in (400, 422):
        return True
    rules = _RULES.get(case.operation.definition.raw["operationId"], ())
    return not any(rule in response.text for rule in (*rules, _WHOLE))
