"""Where a sweep begins: what is offered for an Experiment, and the sweep that a form stands for."""

import pytest
from fastapi.testclient import TestClient

from app.errors import InvalidInput
from app.schemas.document import parse_value
from app.schemas.experiment import PlaneExperiment
from app.schemas.run import RunDocument
from app.schemas.sweep import Range
from app.web.lab.changeable import changeable
from app.web.lab.view import View
from app.web.lab.views import lab_of
from app.web.sweeps.fields import Field, fields_of
from app.web.sweeps.forms import mistakes_of, sweep_of
from app.web.sweeps.start import start_of
from tests.web.fakes import FakeService
from tests.web.sweeps.cases import ACTIVATION, RATE

UNITS = "network.layers.0.units"
FORM = [
    ("field", RATE),
    (f"{RATE}:low", "0.001"),
    (f"{RATE}:high", "1"),
    (f"{RATE}:scale", "log"),
    (f"{RATE}:points", "5"),
    ("field", ACTIVATION),
    (ACTIVATION, "tanh"),
    (ACTIVATION, "relu"),
    ("search", "grid"),
    ("epochs", "50"),
    ("objective", "test_loss"),
]


def made(service: FakeService, **experiment: object) -> RunDocument:
    return service.create(parse_value(PlaneExperiment, experiment), visitor="somebody")


def offered(service: FakeService, **experiment: object) -> dict[str, Field]:
    run = made(service, **experiment)
    lab = lab_of(run, service.data(run.id), View())
    return {field.path: field for field in fields_of(changeable(lab))}


def test_one_click_begins_a_search_of_learning_rate_and_activation(service: FakeService) -> None:
    fields = offered(service)
    assert [path for path, field in fields.items() if field.chosen] == [RATE, ACTIVATION]
    rate = fields[RATE]
    assert (rate.low, rate.high, rate.scale, rate.points, rate.now) == ("0.001", "1", "log", 5, "0.03")
    assert [option.value for option in fields[ACTIVATION].options if option.tried] == [
        "sigmoid",
        "tanh",
        "relu",
        "gelu",
    ]


def test_what_an_experiment_has_is_among_what_is_tried(service: FakeService) -> None:
    layers = [{"units": 12, "activation": "sine"}]
    optimizer = {"kind": "lion", "learning_rate": 3}
    fields = offered(service, network={"layers": layers}, training={"optimizer": optimizer}, seed=7)
    assert fields[RATE].high == "3"
    assert (fields[UNITS].low, fields[UNITS].high, fields[UNITS].whole) == ("2", "12", True)
    assert {"sine", "tanh"} < {option.value for option in fields[ACTIVATION].options if option.tried}
    assert any(option.value == "lion" and option.tried for option in fields["training.optimizer.kind"].options)
    assert (fields["seed"].low, fields["seed"].high) == ("7", "11")


def test_a_perceptron_is_offered_what_it_has_a_choice_of(service: FakeService) -> None:
    fields = offered(service, family="perceptron")
    assert "training.optimizer.kind" not in fields
    assert ACTIVATION not in fields
    assert sum(field.chosen for field in fields.values()) == 2


def test_best_is_what_the_task_knows_and_by_validation_where_there_is_some(service: FakeService) -> None:
    run = made(service, data={"kind": "plane", "validation_fraction": 0.2})
    start = start_of(run, service.data(run.id))
    assert start.best == "validation_loss"
    assert {"test_r2", "train_mean_absolute_error"} < {choice.value for choice in start.objectives}
    assert not any("accuracy" in choice.value for choice in start.objectives)
    default = made(service)
    assert start_of(default, service.data(default.id)).best == "test_loss"


def test_a_form_stands_for_a_sweep(service: FakeService) -> None:
    run = made(service, data={"kind": "spiral"})
    sweep = sweep_of(FORM, run)
    assert sweep.experiment == run.experiment
    assert sweep.space == {RATE: Range(low=0.001, high=1, scale="log", points=5), ACTIVATION: ("tanh", "relu")}
    assert (sweep.search.kind, sweep.epochs) == ("grid", 50)
    assert (sweep.objective.part, sweep.objective.metric) == ("test", "loss")
    form = [(name, value) for name, value in FORM if not name.endswith(":points")]
    drawn = sweep_of([*form, ("search", "random"), ("trials", "30"), ("seed", "4")], run)
    assert drawn.space == sweep.space, "how many values a grid takes is not said"
    assert drawn.search.model_dump() == {"kind": "random", "trials": 30, "seed": 4}


def test_seeds_are_searched_on_the_same_data(service: FakeService) -> None:
    run = made(service, seed=3)
    form = [("field", "seed"), ("seed:low", "3"), ("seed:high", "6"), ("seed:points", "4"), ("seed:whole", "true")]
    sweep = sweep_of([*form, ("epochs", "5"), ("objective", "test_loss")], run)
    assert sweep.experiment.data.seed == 3
    assert sweep.space["seed"] == Range(low=3, high=6, whole=True, points=4)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({f"{RATE}:low": "2"}, "Learning rate: low must be below high."),
        ({f"{RATE}:high": ""}, "Learning rate, high: "),
        ({"epochs": "0"}, "Epochs: "),
        ({"objective": "test_luck"}, "Best is: "),
        ({"objective": ""}, "Best is: "),
        ({f"{RATE}:low": "x"}, "Learning rate, low: "),
    ],
)
def test_what_is_wrong_is_told_by_the_names_of_the_form(
    service: FakeService, changed: dict[str, str], told: str
) -> None:
    form = [(name, changed.get(name, value)) for name, value in FORM]
    with pytest.raises(InvalidInput) as refused:
        sweep_of(form, made(service))
    mistakes = mistakes_of(refused.value)
    assert all(mistake.startswith(told) for mistake in mistakes), mistakes


def test_nothing_chosen_is_told_so(service: FakeService) -> None:
    with pytest.raises(InvalidInput) as refused:
        sweep_of([("epochs", "5"), ("objective", "test_loss")], made(service))
    assert mistakes_of(refused.value)[0].startswith("What to try: ")
    with pytest.raises(InvalidInput) as refused:
        sweep_of([("field", ACTIVATION), ("epochs", "5"), ("objective", "test_loss")], made(service))
    assert mistakes_of(refused.value) == ("Layer 1 activation: choose at least one value.",)


def test_the_page_offers_the_fields_of_the_run(client: TestClient, run_url: str) -> None:
    page = client.get(f"/sweeps/new?run={run_url.rpartition('/')[2]}")
    assert page.status_code == 200
    assert f'value="{RATE}"' in page.text
    assert "Begin the sweep" in page.text
    assert client.get("/sweeps/new?run=nobody").status_code == 404
    assert client.get("/sweeps/new").status_code == 404
