"""Looking into the network: large maps, exact weights, the inspector, and exact answers over the plane."""

import re
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect
from safetensors.numpy import load

from tests.browser.lab import Lab, open_lab
from tests.browser.test_looks import violations

WEIGHT = re.compile(r"^x₁ → layer 1, neuron 1: weight (−?\d\.\d+)$")


def parameter(lab: Lab, name: str, *index: int) -> float:
    """A weight or bias as the server has it."""
    answer = lab.page.request.get(f"/api/v1/runs/{lab.run_id}/parameters")
    return float(load(answer.body())[name][index])


def number(text: str) -> float:
    """A number as the page writes it."""
    return float(text.replace("−", "-"))


def between(one: Locator, other: Locator) -> tuple[float, float]:
    """The middle of the link from one element to another."""
    start, end = one.bounding_box(), other.bounding_box()
    assert start
    assert end
    return (start["x"] + start["width"] + end["x"]) / 2, (
        start["y"] + start["height"] / 2 + end["y"] + end["height"] / 2
    ) / 2


def picture(page: Page) -> str:
    """What the output plot shows."""
    return page.evaluate("() => document.querySelector('.plot-map').toDataURL()")


def colours(page: Page) -> int:
    """How many colours that has."""
    return page.evaluate(
        """() => {
          const canvas = document.querySelector(".plot-map");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )


def test_what_is_pointed_at_is_shown_large_and_exact(page: Page) -> None:
    lab = open_lab(page)
    expect(page.locator(".legend li")).to_have_count(2)
    output = picture(page)
    caption = page.locator("[data-caption]")
    page.locator("#neuron-0-1").hover()
    expect(caption).to_have_text("Layer 1, neuron 2")
    assert picture(page) != output
    page.locator("label.feature").filter(has_text="x₁x₂").hover()
    expect(caption).to_have_text("x₁x₂")
    page.locator("#output-title").hover()
    expect(caption).to_be_hidden()
    assert picture(page) == output

    tip = page.get_by_role("tooltip")
    page.mouse.move(*between(page.locator("#input-0"), page.locator("#neuron-0-0")))
    expect(tip).to_have_text(WEIGHT)
    weight = WEIGHT.match(tip.inner_text())
    assert weight
    assert abs(number(weight[1]) - parameter(lab, "layers.0.weight", 0, 0)) < 1e-4
    mark = page.locator("#biases rect").first.bounding_box()
    assert mark
    page.mouse.move(mark["x"] + 3, mark["y"] + 3)
    expect(tip).to_have_text("Layer 1, neuron 1: bias 0.1000")

    area = page.locator(".plot-area").bounding_box()
    assert area
    page.mouse.move(area["x"] + area["width"] * 0.75, area["y"] + area["height"] * 0.25)
    expect(tip).to_contain_text("class")
    said = re.fullmatch(r"x₁ = (\S+), x₂ = (\S+)\nOutput (\S+): class (.1)", tip.inner_text())
    assert said
    inputs = [number(said[1]), number(said[2])]
    predict = page.request.post(f"/api/v1/runs/{lab.run_id}/predict", data={"inputs": [inputs]})
    assert abs(predict.json()["outputs"][0][0] - number(said[3])) < 1e-3
    assert (said[4] == "+1") == (number(said[3]) > 0)
    assert lab.noise == []


def test_the_inspector_changes_weights_by_keyboard_alone(page: Page) -> None:
    lab = open_lab(page)
    first = page.locator("#neuron-0-0")
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#neuron-1-1")).to_be_focused()
    expect(page.locator("[data-caption]")).to_have_text("Layer 2, neuron 2")
    expect(page.locator("nn-network [role=button][tabindex='0']")).to_have_count(1)
    page.keyboard.press("Enter")
    inspector = page.get_by_role("dialog", name="Layer 2, neuron 2")
    expect(inspector).to_contain_text("Tanh")
    bias = inspector.get_by_label("Bias", exact=True)
    expect(bias).to_be_focused()
    page.keyboard.type("-1.5")
    page.keyboard.press("Enter")
    expect(page.locator("#biases rect").nth(5)).to_have_attribute("fill", re.compile(r"rgb\((2[0-9]{2}) 1\d\d"))
    assert parameter(lab, "layers.1.bias", 1) == -1.5
    weight = inspector.get_by_label("neuron 3", exact=True)
    before = parameter(lab, "layers.1.weight", 2, 1)
    inspector.get_by_role("button", name="Flip the sign: weight of Layer 1, neuron 3").press("Enter")
    expect(weight).to_have_value(f"{-before:#.4g}")
    inspector.get_by_role("button", name="Set to zero: bias").press("Enter")
    expect(bias).to_have_value("0.000")
    page.wait_for_timeout(300)
    assert abs(parameter(lab, "layers.1.weight", 2, 1) + before) < 1e-7
    assert parameter(lab, "layers.1.bias", 1) == 0
    bias.fill("9e9")
    bias.press("Enter")
    expect(page.locator(".toast")).to_contain_text("value")
    expect(bias).to_have_value("0.000")
    page.keyboard.press("Escape")
    expect(inspector).to_be_hidden()
    expect(page.locator("#neuron-1-1")).to_be_focused()


def test_the_inspector_follows_the_training_but_not_where_somebody_types(page: Page) -> None:
    lab = open_lab(page)
    page.mouse.click(*between(page.locator("#input-0"), page.locator("#neuron-0-0")))
    inspector = page.get_by_role("dialog", name="Layer 1, neuron 1")
    typed = inspector.get_by_label("x₁", exact=True)
    other = inspector.get_by_label("x₂", exact=True)
    expect(typed).to_be_focused()
    typed.fill("0.7")
    before = other.input_value()
    lab.command(type="play")
    expect(other).not_to_have_value(before)
    expect(typed).to_have_value("0.7")
    typed.blur()
    expect(typed).not_to_have_value("0.7")
    lab.command(type="pause")
    lab.status("paused")
    assert violations(page) == []
    page.wait_for_timeout(500)
    assert abs(float(other.input_value()) - parameter(lab, "layers.0.weight", 1, 0)) < 1e-3


def test_discretising_is_local_and_stands_in_the_address(page: Page) -> None:
    lab = open_lab(page, "data.kind=rings")
    expect(page.locator(".legend li")).to_have_count(3)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/runs/" in request.url else None)
    page.locator("#discretise").check()
    page.locator("#show-test").check()
    page.wait_for_function("() => location.search.includes('view.test_points=true')")
    assert "view.discretise=true" in page.url
    assert colours(page) <= 3
    assert asked == []
    page.reload()
    lab.status("created")
    expect(page.locator("#discretise")).to_be_checked()
    expect(page.locator("#show-test")).to_be_checked()


def test_a_neuron_is_inspected_on_a_phone(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    lab = open_lab(page)
    page.locator("#neuron-0-2").tap()
    inspector = page.get_by_role("dialog", name="Layer 1, neuron 3")
    box: Any = inspector.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] + box["height"] <= 844
    expect(page.locator("[data-caption]")).to_have_text("Layer 1, neuron 3")
    inspector.get_by_role("button", name="Set to zero: weight of x₁").tap()
    expect(inspector.get_by_label("x₁", exact=True)).to_have_value("0.000")
    lab.shoot("phone-inspector")
    page.locator("#output-title").tap(force=True)
    expect(inspector).to_be_hidden()
    page.locator(".plot-area").tap()
    expect(page.get_by_role("tooltip")).to_contain_text("Output")
    context.close()
