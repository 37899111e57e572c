"""The page of all runs: what it lists, in which order, and what is done to several at once. Runs train."""

import html
import re
import time
from collections.abc import Iterator
from time import perf_counter

import pytest
from fastapi.testclient import TestClient

from app.runs.limits import Standing
from app.schemas.data import DATA_KINDS
from app.schemas.picture_data import PICTURE_DATA_KINDS
from app.storage.records import PutRun
from app.storage.store import Store
from app.web.my_runs.cards import NEAR, limits_of
from app.web.my_runs.choice import Choice
from app.web.state import of
from tests.web.serving import serving

pytestmark = pytest.mark.e2e

SMALLEST: dict[str, object] = {"network": {"layers": []}}
PARTIAL = {"HX-Request": "true", "Accept": "text/html"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("data"), max_running_per_visitor=2) as client:
        yield client


@pytest.fixture
def visitor(server: TestClient) -> TestClient:
    """Somebody new."""
    return TestClient(server.app)


@pytest.fixture
def stranger(server: TestClient) -> TestClient:
    """Somebody else."""
    return TestClient(server.app)


def make(visitor: TestClient, **experiment: object) -> str:
    """A run that has been compiled: what happens to it later comes from the test."""
    run: str = visitor.post("/api/v1/runs", json={**SMALLEST, **experiment}).json()["id"]
    deadline = time.monotonic() + 60
    while visitor.get(f"/api/v1/runs/{run}").json()["status"] == "compiling":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return run


def shown(answer: str) -> list[str]:
    return re.findall(r'<li class="run"\s+id="run-(\w+)"', answer)


def message(answer: str) -> str:
    found = re.search(r'data-message="([^"]*)"', answer)
    assert found
    return html.unescape(found[1])


def act(visitor: TestClient, action: str, *runs: str, **choice: str) -> str:
    answer = visitor.post("/runs/act", data={"action": action, "run": list(runs), **choice}, headers=PARTIAL)
    assert answer.status_code == 200
    return answer.text


def test_a_run_that_has_no_picture_shows_what_it_learns_from(visitor: TestClient) -> None:
    run = make(visitor, family="cnn", data={"kind": "shapes", "samples": 60}, network={"layers": [{"kind": "flatten"}]})
    page = visitor.get("/runs").text
    card = page.partition(f'id="run-{run}"')[2]
    assert '<use href="#kind-shapes">' in card
    for model in (*DATA_KINDS, *PICTURE_DATA_KINDS):
        assert f'<symbol id="kind-{model.model_fields["kind"].default}"' in page


def test_the_page_lists_one_s_own_runs_the_latest_first(visitor: TestClient, stranger: TestClient) -> None:
    runs = [make(visitor, seed=seed) for seed in range(3)]
    make(stranger)
    page = visitor.get("/runs")
    assert page.status_code == 200
    assert "<html" in page.text
    assert shown(page.text) == runs[::-1]
    partial = visitor.get("/runs?search=&tag=&status=&sort=touched", headers=PARTIAL)
    assert "<html" not in partial.text
    assert partial.headers["HX-Replace-Url"] == "/runs"
    assert shown(partial.text) == runs[::-1]


def test_whoever_has_nothing_is_told_how_to_begin(visitor: TestClient) -> None:
    page = visitor.get("/runs")
    assert "Nothing here yet" in page.text
    assert "set-cookie" not in page.headers, "looking makes nobody a visitor"


def test_what_a_card_tells(visitor: TestClient) -> None:
    run = make(visitor, data={"kind": "spiral"})
    visitor.post(f"/api/v1/runs/{run}/commands", json={"type": "step", "unit": "epoch", "count": 1200})
    notes = "“quoted” & more"
    label = {"name": "<b>Bold</b>", "notes": notes, "tags": ["a", "<i>"]}
    visitor.patch(f"/api/v1/runs/{run}/label", json=label)
    page = visitor.get("/runs").text
    assert "<b>Bold" not in page
    assert "<i>" not in page
    text = html.unescape(page)
    assert "Spiral · No hidden layers · SGD" in text
    assert re.search(r"Paused · epoch 1,200 · loss 0\.\d{4}", text)
    assert notes in text


def test_the_list_is_narrowed_and_put_in_order(visitor: TestClient) -> None:
    spiral, rings = (make(visitor, data={"kind": kind}) for kind in ("spiral", "rings"))
    visitor.patch(f"/api/v1/runs/{spiral}/label", json={"name": "Zoo", "tags": ["t"]})

    def listed(query: str) -> list[str]:
        return shown(visitor.get(f"/runs?{query}", headers=PARTIAL).text)

    assert listed("search=zoo") == [spiral]
    assert listed("search=rings") == [rings]
    assert listed("tag=t") == [spiral]
    assert listed("status=training") == []
    assert listed("status=paused") == [rings, spiral]
    assert listed("sort=name") == [rings, spiral]
    assert listed("shown=1") == [rings]
    assert listed("sort=nonsense&status=nonsense&shown=-1") == [rings, spiral]


def test_more_is_shown_where_there_is_more(visitor: TestClient) -> None:
    runs = [make(visitor, seed=seed) for seed in range(3)]
    first = visitor.get("/runs?shown=2&search=circle", headers=PARTIAL).text
    assert shown(first) == runs[:0:-1]
    more = re.search(r'id="runs-more"\s+hx-get="([^"]+)"', first)
    assert more
    assert shown(visitor.get(html.unescape(more[1]), headers=PARTIAL).text) == runs[::-1]


def test_as_many_are_shown_after_an_action_as_before(visitor: TestClient) -> None:
    runs = [make(visitor, seed=seed) for seed in range(3)]
    field = re.search(r'name="shown"\s+value="(\d+)"', visitor.get("/runs?shown=2", headers=PARTIAL).text)
    assert field
    assert shown(act(visitor, "pause", runs[2], shown=field[1])) == runs[:0:-1]


@pytest.mark.parametrize(
    ("choice", "address"),
    [
        (Choice(), "/runs"),
        (Choice(search="a b&c", bin=True), "/runs?search=a+b%26c&bin=true"),
        (Choice(tag="é", sort="loss", shown=120), "/runs?tag=%C3%A9&sort=loss&shown=120"),
    ],
)
def test_a_choice_has_an_address(choice: Choice, address: str) -> None:
    assert choice.address == address


def test_several_runs_are_deleted_restored_and_removed(visitor: TestClient) -> None:
    runs = [make(visitor, seed=seed) for seed in range(3)]
    answer = act(visitor, "bin", *runs[:2])
    assert shown(answer) == [runs[2]]
    assert message(answer) == "2 runs in the bin."
    undo = re.search(r'data-undo="([^"]*)"', answer)
    assert undo
    assert set(undo[1].split()) == set(runs[:2])
    assert set(shown(visitor.get("/runs?bin=true").text)) == set(runs[:2])
    assert message(act(visitor, "restore", runs[0], bin="true")) == "1 run back."
    assert shown(act(visitor, "purge", runs[1], bin="true")) == []
    assert set(shown(visitor.get("/runs").text)) == {runs[0], runs[2]}
    assert visitor.post(f"/api/v1/runs/{runs[1]}/restore").status_code == 404


def test_only_what_is_in_the_bin_is_removed_for_good(visitor: TestClient) -> None:
    run = make(visitor)
    assert message(act(visitor, "purge", run)) == "Nothing was chosen."
    assert message(act(visitor, "explode", run)) == "Nothing was chosen."
    assert shown(visitor.get("/runs").text) == [run]


def test_runs_of_somebody_else_are_left_alone(visitor: TestClient, stranger: TestClient) -> None:
    run = make(visitor)
    for action in ("bin", "purge", "restore", "play", "pause"):
        assert message(act(stranger, action, run)) == "Nothing was chosen."
    assert stranger.get(f"/runs/news?run={run}").json() == {"runs": []}
    assert visitor.get(f"/api/v1/runs/{run}").json()["playing"] is False


def test_several_runs_play_as_far_as_limits_allow(visitor: TestClient) -> None:
    runs = [make(visitor, seed=seed) for seed in range(3)]
    answer = act(visitor, "play", *runs)
    assert "data-refused" in answer
    assert message(answer) == "2 runs training. 2 of your runs are training, and 2 is the most. Pause one first."
    assert "2 of 2 training at once" in answer
    news = visitor.get("/runs/news", params=[("run", run) for run in runs]).json()["runs"]
    assert {one["id"]: one["playing"] for one in news} == {
        run: run in visitor.get("/runs/standing").json()["training"] for run in runs
    }
    assert sum(one["playing"] for one in news) == 2
    assert message(act(visitor, "pause", *runs)) == "3 runs paused."


def test_a_run_is_opened_as_it_is(visitor: TestClient) -> None:
    run = make(visitor, data={"kind": "rings"})
    visitor.post(f"/api/v1/runs/{run}/commands", json={"type": "step", "unit": "epoch", "count": 9})
    page = visitor.get(f"/runs/{run}", headers={"Accept": "text/html"})
    assert "<html" in page.text
    assert f'data-run="{run}"' in page.text
    assert 'data-address="/?data.kind=rings' in page.text
    assert "inert" not in page.text
    assert "<html" not in visitor.get(f"/runs/{run}", headers=PARTIAL).text


def test_a_reader_gets_the_page_without_what_changes_it(visitor: TestClient, stranger: TestClient) -> None:
    run = make(visitor)
    link = visitor.post(f"/api/v1/runs/{run}/share").json()["url"]
    page = stranger.get(link, headers={"Accept": "text/html"}).text
    assert "somebody else’s run" in page
    assert page.count("inert") >= 4
    partial = stranger.get(f"/runs/{run}", headers=PARTIAL)
    assert "somebody else’s run" in partial.text
    assert partial.headers["HX-Replace-Url"] == f"/runs/{run}"
    assert shown(stranger.get("/runs").text) == []


def test_limits_are_told_in_words_and_warned_of_when_near() -> None:
    standing = Standing(12, 100, 7, 8, 540.0, 600.0)
    assert limits_of(standing) == (
        "12 of 100 runs",
        "7 of 8 training at once",
        "computing time left: 9 minutes of 10 minutes",
    )
    assert limits_of(standing, NEAR) == ("7 of 8 training at once",)
    assert limits_of(Standing(12, None, 7, None, None, None)) == ()


def test_a_thousand_runs_are_listed_quickly(visitor: TestClient) -> None:
    run = make(visitor)
    store: Store = of(visitor.app).store  # pyright: ignore[reportArgumentType]
    row = store.run(run)
    assert row
    others = [f"{index:012x}" for index in range(1000)]
    store.write([PutRun(other, row.visitor, row.record, False, "paused", 1, 1, row.touched) for other in others])
    visitor.get("/runs")
    began = perf_counter()
    page = visitor.get("/runs", headers=PARTIAL).text
    seconds = perf_counter() - began
    assert len(shown(page)) == 60
    assert "1,001 runs" in page
    assert seconds < 1.0, "a tenth of this on a machine that does nothing else"
    store.purge(others)
