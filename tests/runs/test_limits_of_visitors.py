"""What each visitor may have: refusals in words, with when to try again, and nothing of it for a single user."""

import pytest

from app.errors import LimitReached, TooLarge
from app.runs.budget import Budgets
from app.runs.limits import Limits
from app.runs.memory import available_bytes, resident_bytes
from app.schemas.graph import Graph, GraphLayer
from app.settings import Settings

SMALL: dict[str, object] = {
    "max_runs_per_visitor": 3,
    "max_running_per_visitor": 2,
    "compute_seconds": 100.0,
    "compute_refill": 0.5,
    "max_memory_bytes": 1_000,
    "max_parameters": 50,
    "max_work": 5_000,
    "max_compiles": 4,
    "max_compiles_per_visitor": 2,
    "max_landscapes_per_visitor": 2,
    "max_sweeps_per_visitor": 1,
    "max_streams": 5,
    "max_streams_per_visitor": 2,
}


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def limits_of(clock: Clock | None = None, *, single_user: bool = False, resident: int = 500) -> Limits:
    settings = Settings.model_validate({**SMALL, "single_user": single_user})
    return Limits(settings, clock=clock or Clock(), resident=lambda: resident)


def graph_of(size: int) -> Graph:
    """One layer of so many parameters, all of them weights."""
    layer = GraphLayer(kind="dense", inputs=size, units=1, activation="linear", parameters=size, work=size)
    return Graph(features=(), layers=(layer,))


def test_run_too_many_is_refused() -> None:
    limits = limits_of()
    limits.admit_run(2)
    with pytest.raises(LimitReached, match=r"You have 3 runs, and 3 is the most\. Delete one first\."):
        limits.admit_run(3)


def test_several_at_once_are_counted_together() -> None:
    limits = limits_of()
    limits.admit_run(1, 2)
    with pytest.raises(LimitReached, match=r"You have 2 runs, and 3 is the most\. Delete 1 to make room for 2 more"):
        limits.admit_run(2, 2)
    limits.admit_play("ada", 0, 2)
    with pytest.raises(LimitReached, match=r"1 of your runs are training.*Pause 1 to make room for 2 more"):
        limits.admit_play("ada", 1, 2)
    with pytest.raises(LimitReached, match=r"3 runs cannot train at once here: 2 is the most"):
        limits.admit_play("ada", 0, 3)


def test_run_is_refused_while_memory_is_short_and_told_when_to_try_again() -> None:
    with pytest.raises(LimitReached, match="memory") as refused:
        limits_of(resident=1_001).admit_run(0)
    assert refused.value.retry_after == 60


def test_running_too_many_at_once_is_refused() -> None:
    limits = limits_of()
    limits.admit_play("ada", 1)
    with pytest.raises(LimitReached, match=r"2 of your runs are training, and 2 is the most\. Pause one first\."):
        limits.admit_play("ada", 2)


def test_visitor_with_too_many_streams_leaves_room_for_others() -> None:
    limits = limits_of()
    limits.admit_stream("ada", ["bob", "ada", ""])
    with pytest.raises(LimitReached, match="You have 2 event streams open"):
        limits.admit_stream("ada", ["ada", "bob", "ada"])
    limits.admit_stream("", ["", "", "", ""])  # those whom a link was shared with, and who are not known
    limits_of(single_user=True).admit_stream("ada", ["ada", "ada"])


def test_drawing_too_many_landscapes_at_once_is_refused() -> None:
    limits = limits_of()
    limits.admit_landscape("ada", 1)
    with pytest.raises(LimitReached, match=r"2 of your loss landscapes are being drawn, and 2 is the most"):
        limits.admit_landscape("ada", 2)
    limits_of(single_user=True).admit_landscape("ada", 5)
    limits.used("ada", 101.0)
    with pytest.raises(LimitReached, match="used up the 100 seconds of computing"):
        limits.admit_landscape("ada", 0)


def test_a_second_sweep_is_refused_and_so_is_one_without_computing_time_or_memory() -> None:
    limits = limits_of()
    limits.admit_sweep("ada", 0)
    with pytest.raises(LimitReached, match=r"1 of your sweeps is running, and 1 is the most"):
        limits.admit_sweep("ada", 1)
    limits_of(single_user=True).admit_sweep("ada", 5)
    with pytest.raises(LimitReached, match="memory"):
        limits_of(single_user=True, resident=1_001).admit_sweep("ada", 0)
    assert not limits.has_spent("ada")
    limits.used("ada", 101.0)
    assert limits.has_spent("ada")
    with pytest.raises(LimitReached, match="used up the 100 seconds of computing"):
        limits.admit_sweep("ada", 0)


def test_compute_time_is_used_up_and_comes_back() -> None:
    clock = Clock()
    limits = limits_of(clock)
    assert limits.used("ada", 99.0)
    assert not limits.used("ada", 2.0)
    with pytest.raises(LimitReached, match=r"used up the 100 seconds of computing .* Go on in a minute\.") as refused:
        limits.admit_play("ada", 0)
    assert refused.value.retry_after == 12
    limits.admit_play("grace", 0)
    clock.now += 11.0
    with pytest.raises(LimitReached):
        limits.admit_play("ada", 0)
    clock.now += 1.0
    limits.admit_play("ada", 0)
    assert limits.used("ada", 1.0)


def test_compile_queue_has_an_end_for_each_visitor_and_for_all() -> None:
    limits = limits_of()
    limits.admit_compile(1, 3)
    for mine, all_of_them in ((2, 2), (0, 4)):
        with pytest.raises(LimitReached, match="waiting to be compiled") as refused:
            limits.admit_compile(mine, all_of_them)
        assert refused.value.retry_after is not None


def test_network_too_large_is_refused_at_its_field() -> None:
    limits = limits_of()
    limits.admit_network(graph_of(50), 100)
    with pytest.raises(TooLarge, match="51 weights and biases, and 50 is the most") as refused:
        limits.admit_network(graph_of(51), 1)
    assert [error.path for error in refused.value.errors] == ["network.layers"]
    with pytest.raises(
        TooLarge, match="multiply about 5,050 times to see all 101 samples once, and 5,000 times"
    ) as refused:
        limits.admit_network(graph_of(50), 101)
    assert [error.path for error in refused.value.errors] == ["network.layers"]


def test_single_user_is_limited_by_the_machine_alone() -> None:
    limits = limits_of(single_user=True)
    limits.admit_run(1_000)
    limits.admit_play("local", 1_000)
    limits.admit_compile(3, 3)
    assert limits.used("local", 1e6)
    with pytest.raises(LimitReached):
        limits_of(single_user=True, resident=1_001).admit_run(0)
    with pytest.raises(LimitReached):
        limits.admit_compile(0, 4)
    with pytest.raises(TooLarge):
        limits.admit_network(graph_of(51), 1)
    standing = limits.standing("local", runs=7, running=1)
    assert (standing.runs, standing.most_runs, standing.most_running, standing.compute_seconds) == (7, None, None, None)


def test_standing_tells_what_is_left() -> None:
    limits = limits_of()
    limits.used("ada", 40.0)
    standing = limits.standing("ada", runs=2, running=1)
    assert (standing.runs, standing.most_runs, standing.running, standing.most_running) == (2, 3, 1, 2)
    assert (standing.compute_seconds, standing.most_compute_seconds) == (60.0, 100.0)


def test_accounts_that_are_full_again_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.runs.budget._MOST_KEPT", 10)
    clock = Clock()
    budgets = Budgets(100.0, 1.0, clock)
    for index in range(10):
        budgets.use(f"visitor {index}", 5.0)
    budgets.use("greedy", 90.0)
    clock.now = 10.0
    budgets.use("late", 1.0)
    assert budgets.left("greedy") == 20.0
    assert budgets.left("visitor 3") == 100.0
    assert len(vars(budgets)["_accounts"]) == 2


def test_memory_of_this_process_is_known() -> None:
    assert 10_000_000 < resident_bytes() < available_bytes()
