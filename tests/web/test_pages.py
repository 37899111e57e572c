"""The lab's routes: the page, and the changes that its controls ask for."""

import re

import pytest
from fastapi.testclient import TestClient

HTML = {"Accept": "text/html", "HX-Request": "true"}


@pytest.fixture
def run_id(client: TestClient) -> str:
    """The run of a page that has just been opened."""
    return opened(client.get("/").text)


def opened(html: str) -> str:
    match = re.search(r'data-run="(\w+)"', html)
    assert match
    return match[1]


def selected(html: str, element_id: str) -> str:
    """The chosen option of a selection."""
    options = re.search(rf'<select[^>]*id="{element_id}".*?</select>', html, re.DOTALL)
    assert options, f"no selection {element_id}"
    match = re.search(r'value="([^"]*)"\s+selected', options[0])
    assert match, f"nothing is chosen in {element_id}"
    return match[1]


def test_the_page_shows_the_experiment_of_its_address(client: TestClient) -> None:
    page = client.get("/?data.kind=rings&training.optimizer.kind=adam&network.layers.0.units=5")
    assert page.status_code == 200
    assert selected(page.text, "f-training-optimizer-kind") == "adam"
    assert 'id="neuron-0-4"' in page.text
    assert 'id="neuron-1-0"' not in page.text


def test_an_address_that_cannot_be_read_shows_the_default_and_says_why(client: TestClient) -> None:
    page = client.get("/?data.noise=99&colour=red")
    assert page.status_code == 422
    assert "data.noise" in page.text
    assert "colour" in page.text
    assert selected(page.text, "f-training-optimizer-kind") == "sgd"


def test_a_loss_for_another_task_in_the_address_shows_the_default(client: TestClient) -> None:
    page = client.get("/?data.kind=plane&training.loss=hinge")
    assert page.status_code == 422
    assert "training.loss" in page.text


def test_a_change_answers_with_the_lab_and_its_new_address(client: TestClient, run_id: str) -> None:
    answer = client.patch(f"/runs/{run_id}", data={"training.optimizer.kind": "adam"}, headers=HTML)
    assert answer.status_code == 200
    assert answer.headers["HX-Replace-Url"] == "/?training.optimizer.kind=adam"
    assert selected(answer.text, "f-training-optimizer-kind") == "adam"
    assert "<html" not in answer.text


def test_a_refused_change_is_told_beside_its_control_and_changes_nothing(client: TestClient, run_id: str) -> None:
    answer = client.patch(f"/runs/{run_id}", data={"training.batch_size": "-3"}, headers=HTML)
    assert answer.status_code == 422
    assert 'id="f-training-batch_size-error"' in answer.text
    assert 'value="-3"' in answer.text
    assert answer.headers["HX-Replace-Url"] == "/"
    assert 'data-message=""' in answer.text


def test_a_loss_that_no_longer_fits_gives_way_and_says_so(client: TestClient, run_id: str) -> None:
    client.patch(f"/runs/{run_id}", data={"training.loss": "binary_cross_entropy"}, headers=HTML)
    answer = client.patch(f"/runs/{run_id}", data={"data.kind": "rings"}, headers=HTML)
    assert answer.status_code == 200
    assert selected(answer.text, "f-training-loss") == "categorical_cross_entropy"
    assert "binary_cross_entropy does not fit" in answer.text


def test_layers_and_neurons_are_added_and_removed(client: TestClient, run_id: str) -> None:
    def act(action: str, layer: int) -> str:
        return client.post(f"/runs/{run_id}/layers", data={"action": action, "layer": str(layer)}, headers=HTML).text

    assert 'id="neuron-2-1"' in act("add", 0)
    assert 'id="neuron-2-2"' in act("more", 2)
    assert 'id="neuron-0-3"' not in act("fewer", 0)
    assert 'id="layer-2"' not in act("remove", 0)


def test_a_limit_of_layers_is_told(client: TestClient) -> None:
    layers = "&".join(f"network.layers.{index}.units=1" for index in range(8))
    run_id = opened(client.get(f"/?{layers}").text)
    answer = client.post(f"/runs/{run_id}/layers", data={"action": "add"}, headers=HTML)
    assert answer.status_code == 422
    assert "at most 8" in answer.text


def test_a_command_answers_with_the_transport_alone(client: TestClient, run_id: str) -> None:
    form = {"type": "step", "unit": "batch"}
    answer = client.post(f"/runs/{run_id}/commands", data=form, headers=HTML)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<nn-transport")
    assert re.search(r'value="batch"[^>]*checked', answer.text)


def test_a_command_that_is_none_is_told(client: TestClient, run_id: str) -> None:
    answer = client.post(f"/runs/{run_id}/commands", data={"type": "fly"}, headers=HTML)
    assert answer.status_code == 422
    assert 'data-error="type' in answer.text


def test_full_speed_is_an_empty_number(client: TestClient, run_id: str) -> None:
    form = {"type": "speed", "epochs_per_second": "", "unit": "epoch"}
    assert client.post(f"/runs/{run_id}/commands", data=form, headers=HTML).status_code == 200


def test_a_run_that_is_gone_is_not_found(client: TestClient) -> None:
    headers = {**HTML, "HX-Current-URL": "http://testserver/?data.kind=xor"}
    answer = client.patch("/runs/gone", data={"data.noise": "10"}, headers=headers)
    assert answer.status_code == 404
    assert "There is no run" in answer.text


def test_few_points_of_one_s_own_stand_in_the_address(client: TestClient, run_id: str) -> None:
    answer = client.post(f"/runs/{run_id}/own-points", data={"text": "x,y,label\n1,1,0\n2,2,1\n3,1,0"}, headers=HTML)
    assert answer.status_code == 200
    assert (
        answer.headers["HX-Replace-Url"] == "/?data.kind=points&data.points=1,1,0;2,2,1;3,1,0&data.task=classification"
    )


def test_points_that_cannot_be_read_are_told_where_they_were_pasted(client: TestClient, run_id: str) -> None:
    answer = client.post(f"/runs/{run_id}/own-points", data={"text": "1,1,a\n2,b,c"}, headers=HTML)
    assert answer.status_code == 422
    assert "line 2" in answer.text
    assert 'id="own-error"' in answer.text


def test_points_are_drawn_raw_with_label_and_part(client: TestClient, run_id: str) -> None:
    document = client.get(f"/runs/{run_id}/points").json()
    assert document["task"] == "classification"
    assert document["class_names"] == ["-1", "+1"]
    assert document["domain"] == [[-6, 6], [-6, 6]]
    assert len(document["points"]) == 500
    assert {point[3] for point in document["points"]} == {0, 2}


def test_what_a_visitor_typed_is_escaped(client: TestClient, run_id: str) -> None:
    answer = client.patch(f"/runs/{run_id}", data={"data.noise": "<script>alert(1)</script>"}, headers=HTML)
    assert "<script>alert" not in answer.text


def test_each_page_fetches_its_own_modules_at_once(client: TestClient) -> None:
    def modules(address: str) -> set[str]:
        return set(re.findall(r'rel="modulepreload" href="/static/js/([^"]+)"', client.get(address).text))

    lab, runs = modules("/"), modules("/runs")
    assert {"main.js", "core/paint.js", "elements/own-run.js"} <= lab
    assert {"my-runs.js", "elements/runs-list.js"} <= runs
    assert "main.js" not in runs
    assert "my-runs.js" not in lab
    assert all(client.get(f"/static/js/{name}").status_code == 200 for name in lab | runs)


def test_values_are_offered_to_kinds_of_networks_that_can_learn_them(client: TestClient) -> None:
    own = "data.kind=points&data.points=1,1,0;2,2,1;-1,-2,0;3,3,1"
    both, classes = (client.get(f"/?family={family}&{own}") for family in ("mlp", "perceptron"))
    assert (both.status_code, classes.status_code) == (200, 200)
    for words in ('name="problem"', '<option value="regression"'):
        assert words in both.text
        assert words not in classes.text
    assert '<option value="classification"' in classes.text


def test_who_counts_mistakes_is_told_how_many_there_can_be(client: TestClient) -> None:
    parted, told = client.get("/?family=perceptron&data.kind=gaussian"), "metrics-note"
    assert re.search(told + r'".*?At most \d+ mistakes \(γ 0.68, R 4.9\)', parted.text, re.DOTALL)
    assert told not in client.get("/?family=perceptron&data.kind=xor").text
    assert told not in client.get("/?data.kind=gaussian").text
