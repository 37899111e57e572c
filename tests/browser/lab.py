"""The lab's page as its tests drive it: what a visitor does, and what the server says of the run."""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

# Two cores train, draw and test at once.
expect.set_options(timeout=20_000)

SCREENSHOTS = Path(__file__).parent / "screenshots"


@dataclass
class Lab:
    """An open page. `noise` collects what should not be there: messages on the console, requests elsewhere."""

    page: Page
    noise: list[str] = field(default_factory=list[str])

    @property
    def run_id(self) -> str:
        """The run that the page shows."""
        run_id = self.page.locator("#lab").get_attribute("data-run")
        assert run_id
        return run_id

    def run(self) -> dict[str, Any]:
        """The run as the server tells it."""
        answer = self.page.request.get(f"/api/v1/runs/{self.run_id}")
        assert answer.ok, answer.text()
        return answer.json()

    def command(self, **command: object) -> dict[str, Any]:
        """Tells the run something by REST, as another client might."""
        answer = self.page.request.post(f"/api/v1/runs/{self.run_id}/commands", data=command)
        assert answer.ok, answer.text()
        return answer.json()

    def setting(self, path: str) -> object:
        """A field of the run's experiment, derived defaults filled in; None where there is none."""
        value: object = self.run()["resolved"]
        for step in path.split("."):
            if isinstance(value, list):
                items = cast(list[object], value)
                value = items[int(step)] if int(step) < len(items) else None
            elif isinstance(value, dict):
                value = cast(dict[str, object], value).get(step)
        return value

    def expect_setting(self, path: str, expected: object) -> None:
        """Waits until the run has it."""
        deadline = time.monotonic() + 20
        while self.setting(path) != expected and time.monotonic() < deadline:
            self.page.wait_for_timeout(100)
        assert self.setting(path) == expected

    def control(self, path: str) -> Locator:
        """The control of a field; the first where there are two."""
        return self.page.locator(f"[name='{path}']:not([type=hidden])").first

    def choose(self, path: str, value: str) -> None:
        """Chooses an option of a selection."""
        self.control(path).select_option(value)

    def type(self, path: str, text: str) -> None:
        """Types into a field and leaves it."""
        control = self.control(path)
        control.fill(text)
        control.blur()

    def status(self, kind: str) -> None:
        """Waits for a status."""
        expect(self.page.locator(f"#status[data-status={kind}]")).to_be_visible(timeout=60_000)

    def epoch(self) -> int:
        """What the counter shows."""
        return int(self.page.locator("#epoch").inner_text().replace(",", ""))

    def loss(self, part: str = "train") -> float:
        """What the table shows."""
        return float(self.page.locator(f"td[data-part={part}][data-metric=loss]").inner_text().replace("−", "-"))

    def wait_for_epoch(self, epoch: int) -> None:
        """Waits until the counter has got so far."""
        self.page.wait_for_function(
            "epoch => Number(document.querySelector('#epoch')?.textContent.replaceAll(',', '')) >= epoch",
            arg=epoch,
            timeout=60_000,
        )

    def play(self) -> None:
        """Presses Play and waits until it trains."""
        self.page.locator("#play").click()
        self.status("running")

    def pause(self) -> None:
        """Presses Pause and waits until it rests."""
        self.page.locator("#play").click()
        self.status("paused")

    def shoot(self, name: str, *, full_page: bool = False) -> None:
        """Keeps a picture for people to look at."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=full_page)


def open_lab(page: Page, query: str = "", *, status: str = "created") -> Lab:
    """Opens the page of an experiment and waits until its run has the status."""
    lab = Lab(page)

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            lab.noise.append(message.text)

    def see(request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob") and url.hostname != "127.0.0.1":
            lab.noise.append(f"request to {request.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: lab.noise.append(str(error)))
    page.on("request", see)
    page.goto(f"/?{query}" if query else "/")
    lab.status(status)
    return lab


def layers(*units: int, activation: str = "tanh") -> str:
    """The part of an address that describes hidden layers."""
    return "&".join(
        f"network.layers.{index}.units={count}&network.layers.{index}.activation={activation}"
        for index, count in enumerate(units)
    )


# The largest network of TensorFlow Playground.
LARGEST = f"data.kind=spiral&data.features=x1,x2,x1^2,x2^2,x1*x2,sin(x1),sin(x2)&{layers(8, 8, 8, 8, 8, 8)}"

NUMBER = re.compile(r"^\d")
