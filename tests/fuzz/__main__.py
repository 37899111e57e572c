"""`make fuzz`: the whole REST interface by its document, then every reader; prints counts. Takes some minutes."""

import faulthandler
import logging
import secrets
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.interface import PHASES, Judgement, judge, served
from tests.fuzz.requests import application, run_files, uploads
from tests.fuzz.runner import Outcome, fuzz
from tests.fuzz.targets import TARGETS

CASES = 5_000
INPUTS = 100_000
EXAMPLES = 100
# A batch in which one input hangs ends the program with a traceback.
BATCH_SECONDS = 300


def interface(directory: Path) -> int:
    """Sends so many requests; ends the program where an answer is not as documented. Returns how many they were."""
    cases = 0
    with served(directory) as url:
        while cases < CASES:
            found = judge(url, directory, phases=PHASES, examples=EXAMPLES, seed=secrets.randbelow(2**32))
            cases += found.cases
            _show(found)
    return cases


def readers(directory: Path) -> list[Outcome]:
    """Has every target read its share. Raises what is a defect."""
    begin = secrets.randbelow(2**32)
    watch = partial(faulthandler.dump_traceback_later, BATCH_SECONDS, exit=True)
    with application(directory) as client:
        targets = [*TARGETS, uploads(client), run_files(client)]
        shares = sum(target.share for target in targets)
        outcomes = [
            fuzz(target, -(-INPUTS * target.share // shares), start=begin, before_batch=watch) for target in targets
        ]
    faulthandler.cancel_dump_traceback_later()
    return outcomes


def _show(found: Judgement) -> None:
    if not found.passed:
        print(found.text)
        sys.exit("The interface does not answer as its OpenAPI document says.")


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # each bad form is worth one
    with TemporaryDirectory() as interface_data, TemporaryDirectory() as reader_data:
        print(f"REST interface: {interface(Path(interface_data)):,} cases, all answered as documented", flush=True)
        outcomes = readers(Path(reader_data))
    print(f"\n{'':16}{'inputs':>9}{'accepted':>10}{'seconds':>9}{'slowest':>10}")
    for outcome in outcomes:
        print(
            f"{outcome.name:16}{outcome.inputs:9,}{outcome.accepted:10,}{outcome.seconds:9.1f}"
            f"{1000 * outcome.slowest:7.0f} ms"
        )
    print(f"{'all':16}{sum(outcome.inputs for outcome in outcomes):9,}")
