"""Painting points on the plot, and taking them from text or files: what is painted is learnt, and never lost."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lab import Lab, open_lab
from tests.browser.test_looks import violations


def at(page: Page, u: float, v: float) -> tuple[float, float]:
    """A place of the plot, by parts of its side from the left and from the top."""
    box = page.locator(".plot-area").bounding_box()
    assert box
    return box["x"] + u * box["width"], box["y"] + v * box["height"]


def drag(page: Page, *places: tuple[float, float]) -> None:
    page.mouse.move(*at(page, *places[0]))
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*at(page, *place), steps=12)
    page.mouse.up()


def points(lab: Lab) -> list[list[float]]:
    """The run's points, as the page gets them."""
    return lab.page.request.get(f"/runs/{lab.run_id}/points").json()["points"]


def wait_for_points(lab: Lab, wanted: int) -> None:
    for _ in range(100):
        if len(points(lab)) == wanted:
            return
        lab.page.wait_for_timeout(100)
    assert len(points(lab)) == wanted


def shown(page: Page) -> int:
    """How many pixels the plot has that are not empty."""
    return page.evaluate(
        """() => {
          const canvas = document.querySelector(".plot-points");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return data.filter((value, index) => index % 4 === 3 && value).length;
        }"""
    )


def test_classes_are_painted_from_an_empty_plane(page: Page) -> None:
    lab = open_lab(page)
    page.get_by_role("button", name="Paint", exact=True).click()
    advice = page.locator("[data-advice]")
    expect(advice).to_be_hidden()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(advice).to_have_text("Add points of two classes")
    page.mouse.click(*at(page, 0.25, 0.25))
    expect(advice).to_have_text("Add a point of another class")
    assert shown(page) > 0
    assert len(points(lab)) == 500
    page.locator(".class-chip", has_text="−1").click()
    drag(page, (0.75, 0.75), (0.75, 0.95))
    expect(advice).to_be_hidden()
    lab.expect_setting("data.kind", "points")
    made = points(lab)
    assert len(made) >= 4
    blue = [point for point in made if point[2] == 1]
    assert len(blue) == 1
    assert abs(blue[0][0] + 3) < 0.1
    assert abs(blue[0][1] - 3) < 0.1
    assert lab.setting("data.domain") == [[-6, 6], [-6, 6]]
    page.get_by_role("button", name="Undo", exact=False).first.click()
    lab.expect_setting("data.kind", "circle")
    wait_for_points(lab, 500)
    assert lab.noise == []


def test_strokes_add_to_what_is_shown_and_the_eraser_takes_away(page: Page) -> None:
    lab = open_lab(page, "data.samples=60")
    page.get_by_role("button", name="Paint", exact=True).click()
    before = {(x, y): label for x, y, label, _ in points(lab)}
    page.get_by_role("button", name="Add a class").click()
    page.get_by_role("button", name="Spray").click()
    drag(page, (0.05, 0.05), (0.3, 0.05))
    lab.expect_setting("data.kind", "points")
    page.wait_for_function("() => document.querySelectorAll('.legend li').length === 3")
    after = points(lab)
    kept = {(x, y): label for x, y, label, _ in after if label < 2}
    assert kept == before
    assert len(after) - 60 == sum(label == 2 for *_, label, _ in after) >= 6
    expect(page.locator("[data-axis=x]")).to_have_text("−6x₁6")
    page.get_by_role("button", name="Eraser").click()
    drag(page, (0.03, 0.03), (0.4, 0.03), (0.4, 0.06), (0.01, 0.06), (0.01, 0.11), (0.4, 0.11))
    wait_for_points(lab, 60)
    expect(page.locator(".class-chip[data-label]")).to_have_count(2)
    lab.play()
    lab.wait_for_epoch(3)
    page.get_by_role("button", name="Single points").click()
    drag(page, (0.1, 0.9))
    drag(page, (0.2, 0.9))
    drag(page, (0.3, 0.9))
    wait_for_points(lab, 63)
    lab.status("running")
    lab.pause()
    assert violations(page) == []
    assert lab.noise == []


def test_what_is_painted_stays_while_the_server_is_slow(page: Page) -> None:
    lab = open_lab(page, "data.samples=20")
    page.locator("#paint").click()
    page.route("**/runs/*", lambda route: (page.wait_for_timeout(1000), route.continue_()))
    lab.control("data.noise").fill("1")
    page.evaluate(
        """() => {
          const canvas = document.querySelector(".plot-points");
          window.gone = 0;
          const look = () => {
            const context = canvas.getContext("2d", { willReadFrequently: true });
            const [, , , alpha] = context.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
            if (!alpha) window.gone += 1;
            requestAnimationFrame(look);
          };
          addEventListener("pointerup", () => requestAnimationFrame(() => requestAnimationFrame(look)), { once: true });
        }"""
    )
    page.mouse.click(*at(page, 0.5, 0.5))
    wait_for_points(lab, 21)
    page.wait_for_timeout(500)
    assert page.evaluate("gone") == 0


def test_values_are_painted_and_kept(page: Page) -> None:
    lab = open_lab(page, "data.kind=plane&data.samples=50")
    page.get_by_role("button", name="Paint", exact=True).click()
    before = {(x, y): value for x, y, value, _ in points(lab)}
    page.get_by_label("Value to paint").fill("-0.6")
    page.mouse.click(*at(page, 0.5, 0.5))
    wait_for_points(lab, 51)
    after = {(x, y): value for x, y, value, _ in points(lab)}
    assert {place: after[place] for place in before} == before
    assert [value for place, value in after.items() if place not in before] == [-0.6]
    assert lab.setting("data.task") == "regression"


def test_painting_by_keyboard(page: Page) -> None:
    lab = open_lab(page, "data.samples=20")
    page.locator("#paint").press("Enter")
    area = page.get_by_role("application", name="Plane of the output")
    area.press("Shift+ArrowRight")
    for _ in range(4):
        area.press("Shift+ArrowRight")
    area.press("Enter")
    wait_for_points(lab, 21)
    assert any(abs(x - 6) < 1e-6 and abs(y) < 1e-6 for x, y, *_ in points(lab))
    area.press("Delete")
    wait_for_points(lab, 20)
    area.press("Escape")
    expect(page.locator("#paint")).to_have_attribute("aria-pressed", "false")


def test_painting_by_touch(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    lab = open_lab(page, "data.samples=30")
    page.locator("#paint").tap()
    page.locator(".plot-area").scroll_into_view_if_needed()
    page.touchscreen.tap(*at(page, 0.1, 0.1))
    wait_for_points(lab, 31)
    plot: Any = page.locator(".plot-area").bounding_box()
    touch: Any = context.new_cdp_session(page)
    for kind, u in [("touchStart", 0.2), ("touchMove", 0.5), ("touchMove", 0.8), ("touchEnd", 0.8)]:
        x, y = at(page, u, 0.95)
        places = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})
        page.wait_for_timeout(50)
    wait_for_points(lab, 34)
    assert page.locator(".plot-area").bounding_box() == plot
    lab.shoot("phone-painting")
    context.close()


@pytest.mark.parametrize("way", ["paste", "drop", "file"])
def test_text_is_shown_as_it_was_understood_before_it_is_used(page: Page, way: str, tmp_path: Path) -> None:
    lab = open_lab(page)
    text = "width;height;kind\n" + "\n".join(f"{i / 4};{-i};{['ape', 'bee', 'cat'][i % 3]}" for i in range(30))
    if way == "file":
        (tmp_path / "animals.csv").write_text(text)
        page.get_by_role("button", name="Own points", exact=True).click()
        page.locator("#own-file").set_input_files(tmp_path / "animals.csv")
    else:
        page.evaluate(
            """([way, text]) => {
              const data = new DataTransfer();
              data.setData("text/plain", text);
              if (way === "drop") data.items.add(new File([text], "animals.csv"));
              const target = document.querySelector("#output");
              const options = { bubbles: true, cancelable: true };
              target.dispatchEvent(
                way === "drop"
                  ? new DragEvent("drop", { ...options, dataTransfer: data })
                  : new ClipboardEvent("paste", { ...options, clipboardData: data }),
              );
            }""",
            [way, text],
        )
    popover = page.locator("#p-own")
    expect(popover).to_be_visible()
    expect(popover.locator(".preview-title")).to_have_text("30 points, 3 classes")
    expect(popover.locator(".preview-rows th")).to_have_text(["width", "height", "kind"])
    lab.shoot("own-points-preview")
    area = page.get_by_label("Points as CSV")
    expect(area).to_have_value(text)
    area.fill(f"{text}\n1;2")
    expect(popover.get_by_role("alert")).to_contain_text("Line 32: there must be three columns")
    area.fill(text)
    expect(popover.locator(".preview-title")).to_be_visible()
    page.get_by_role("button", name="Use these points").click()
    lab.expect_setting("data.kind", "points")
    expect(page.locator("[data-axis=x]")).to_contain_text("width")
    assert lab.noise == []


def test_a_file_that_is_too_large_is_told_and_takes_nothing_away(page: Page, tmp_path: Path) -> None:
    open_lab(page)
    page.get_by_role("button", name="Own points", exact=True).click()
    area = page.get_by_label("Points as CSV")
    area.fill("1,2,a\n3,4,b")
    large: Any = tmp_path / "large.csv"
    large.write_text("1,2,a\n" * 400_000)
    page.locator("#own-file").set_input_files(large)
    expect(page.locator("#p-own").get_by_role("alert")).to_contain_text("too large")
    expect(area).to_have_value("1,2,a\n3,4,b")
