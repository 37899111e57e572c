"""The browser's own EventSource reads compressed streams as they come, and goes on where it was cut."""

import httpx
from playwright.sync_api import Page

COLLECT = """
async ([run, wanted, lastId]) => {
  const query = new URLSearchParams({ runs: run, parts: "points,weights", last_event_id: lastId });
  const source = new EventSource(`/api/v1/events?${query}`);
  const steps = [];
  const arrivals = [];
  const id = await new Promise((resolve) =>
    source.addEventListener("frame", (event) => {
      arrivals.push(performance.now());
      for (const row of JSON.parse(event.data).points?.rows ?? []) steps.push(row[0]);
      if (steps.length >= wanted) resolve(event.lastEventId);
    }));
  source.close();
  return { id, steps, arrivals };
}
"""


def test_compressed_stream_is_read_as_it_comes_and_goes_on_after_a_cut(page: Page, server_url: str) -> None:
    with httpx.Client(base_url=server_url, timeout=60, trust_env=False) as http:
        run = http.post("/api/v1/runs").json()
        commands = run["links"]["commands"]
        http.post(commands, json={"type": "step", "unit": "epoch", "count": 5}).raise_for_status()
        http.post(commands, json={"type": "speed", "epochs_per_second": 100}).raise_for_status()
        page.goto("/healthz")
        with page.expect_response("**/events?**") as response:
            http.post(commands, json={"type": "play"}).raise_for_status()
            first = page.evaluate(COLLECT, [run["id"], 100, ""])
        second = page.evaluate(COLLECT, [run["id"], 100, first["id"]])
        http.delete(run["links"]["self"])
    assert response.value.header_value("content-encoding") == "gzip"
    steps = [*first["steps"], *second["steps"]]
    assert steps == [25 * epoch for epoch in range(len(steps))]
    # A hundred epochs take a second; had anything kept the events back, they would have come together.
    assert first["arrivals"][-1] - first["arrivals"][0] > 500
    assert len(first["arrivals"]) >= 8
