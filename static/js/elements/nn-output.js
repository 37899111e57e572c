/**
 * `<nn-output>`: what the network answers over the plane, or the map that is looked at; the points above it, and all
 * of it in words. Answers at one place are Readout's affair, painted points Painting's.
 *
 * @import { LabState, PointSet } from "../core/types.js"
 */
import { drawBoundary, drawLarge } from "../charts/heatmap.js";
import { drawMark, drawPoints } from "../charts/scatter.js";
import { drawSeparator } from "../charts/separator.js";
import { axisName } from "../core/answer.js";
import { tick } from "../core/format.js";
import { session } from "../core/session.js";
import { onSpotlight, spotlight } from "../core/spotlight.js";
import { throttled } from "../core/throttle.js";
import { changeView, view } from "../core/view.js";
import { Painting } from "./painting.js";
import { Readout } from "./readout.js";

const SUMMARY_EVERY = 2000;

class NnOutput extends HTMLElement {
  #area = this.#find("div", ".plot-area");
  #readout = new Readout(this.#area, () => this.#painting.set);
  /** It has the points, too. @type {Painting} */
  #painting = new Painting(this, this.#area, {
    readout: this.#readout,
    draw: () => this.#drawPoints(),
    refetch: () => void this.#fetchPoints(session.state.run),
  });
  /** The run and origin that the points belong to. */
  #pointsOf = "";
  /** The set that axes and legend are about. @type {PointSet | null} */
  #explained = null;
  #summarise = throttled(SUMMARY_EVERY, () => {
    const rows = Array.from(this.querySelectorAll("tbody tr"), (row) =>
      (row.textContent ?? "").replace(/\s+/g, " ").trim(),
    );
    const text = `Output of the network over the plane. ${rows.join("; ")}`;
    this.#find("canvas", ".plot-map").setAttribute("aria-label", text);
  });
  /** @type {(() => void)[]} */
  #ends = [];

  connectedCallback() {
    const resize = new ResizeObserver(() => this.#drawPoints());
    resize.observe(this.#area);
    const toggled = (/** @type {Event} */ { target }) => {
      if (!(target instanceof HTMLInputElement)) return;
      if (target.id === "show-test") changeView({ test_points: target.checked });
      if (target.id === "discretise") changeView({ discretise: target.checked });
    };
    this.addEventListener("change", toggled);
    this.#ends = [
      session.subscribe({
        parts: ["boundary", "metrics", "separator"],
        draw: (state, drawn) => this.#draw(state, drawn),
      }),
      onSpotlight(() => {
        this.#drawMap(session.state);
        this.#drawLines(session.state);
      }),
      this.#readout.connect(),
      this.#painting.connect(),
      () => resize.disconnect(),
      () => this.removeEventListener("change", toggled),
    ];
  }

  disconnectedCallback() {
    this.#summarise.cancel();
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  /**
   * @param {Readonly<LabState>} state
   * @param {Readonly<LabState>} drawn
   */
  #draw(state, drawn) {
    if (state.origin >= 0) this.#followPoints(state.run, state.origin);
    if (drawn.revision < 0) {
      this.#explained = null;
      this.#check("#show-test", view().test_points);
      this.#check("#discretise", view().discretise);
      this.#painting.show();
    }
    if (state.boundary && state.boundary !== drawn.boundary) {
      this.#drawMap(state);
      this.#readout.follow();
    }
    if (state.separator !== drawn.separator || state.boundary !== drawn.boundary) this.#drawLines(state);
    if (state.metrics && state.metrics !== drawn.metrics) this.#summarise();
  }

  /** @param {Readonly<LabState>} state */
  #drawLines({ boundary, separator }) {
    const drawing = /** @type {SVGSVGElement | null} */ (this.querySelector(".plot-lines"));
    if (drawing && boundary) drawSeparator(drawing, spotlight() ? null : separator, boundary);
  }

  /** @param {Readonly<LabState>} state */
  #drawMap(state) {
    const canvas = this.#find("canvas", ".plot-map");
    const caption = this.#find("p", "[data-caption]");
    const large = spotlight();
    if (large) drawLarge(canvas, large.map, view().discretise);
    else if (state.boundary) drawBoundary(canvas, state.boundary, view().discretise);
    if (caption.hidden !== !large) caption.hidden = !large;
    if (large && caption.textContent !== large.caption) caption.textContent = large.caption;
  }

  /**
   * @param {string} run
   * @param {number} origin
   */
  #followPoints(run, origin) {
    const wanted = `${run}/${origin}`;
    if (wanted === this.#pointsOf) return;
    this.#pointsOf = wanted;
    void this.#fetchPoints(run);
  }

  /** @param {string} run */
  async #fetchPoints(run) {
    const wanted = this.#pointsOf;
    const answer = await fetch(`/runs/${run}/points`).catch(() => null);
    const set = answer?.ok ? /** @type {PointSet | null} */ (await answer.json().catch(() => null)) : null;
    if (this.#pointsOf !== wanted) return;
    if (set) this.#painting.serve(set);
    else this.#pointsOf = "";
  }

  #drawPoints() {
    const { set, active } = this.#painting;
    if (!set) return;
    if (!this.#explained || explains(set) !== explains(this.#explained)) {
      this.#drawAxes(set);
      this.#drawLegend(set);
    }
    this.#explained = set;
    drawPoints(this.#find("canvas", ".plot-points"), set, active || view().test_points);
  }

  /** @param {PointSet} set */
  #drawAxes(set) {
    for (const [index, axis] of ["x", "y"].entries()) {
      const [low, high] = set.domain[index] ?? [0, 0];
      const labels = [tick(low), axisName(set.axis_names[index] ?? ""), tick(high)].map((text) => {
        const label = document.createElement("span");
        label.textContent = text;
        return label;
      });
      this.#find("div", `[data-axis=${axis}]`).replaceChildren(...labels);
    }
  }

  /** @param {PointSet} set */
  #drawLegend(set) {
    const item = (/** @type {(Node | string)[]} */ ...content) => {
      const entry = document.createElement("li");
      entry.append(...content);
      return entry;
    };
    const marked = (/** @type {string} */ name, /** @type {number} */ label) => {
      const mark = document.createElement("canvas");
      mark.className = "legend-mark";
      drawMark(mark, set, label);
      return item(mark, name.replace("-", "−"));
    };
    const scale = document.createElement("span");
    scale.className = "legend-scale";
    const entries = set.task === "regression" ? [item("low"), item(scale), item("high")] : set.class_names.map(marked);
    this.#find("ul", "[data-legend]").replaceChildren(...entries);
  }

  /**
   * A box that may be hidden from the visitor.
   *
   * @param {string} selector
   * @param {boolean} checked
   */
  #check(selector, checked) {
    const box = this.querySelector(selector);
    if (box instanceof HTMLInputElement) box.checked = checked;
  }

  /**
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {string} selector
   * @returns {HTMLElementTagNameMap[Tag]}
   */
  #find(tag, selector) {
    const element = this.querySelector(`${tag}${selector}`);
    if (!element) throw new Error(`<nn-output> lacks ${tag}${selector}`);
    return /** @type {HTMLElementTagNameMap[Tag]} */ (element);
  }
}

/**
 * What axes and legend tell of a set.
 *
 * @param {PointSet} set
 */
function explains({ task, domain, axis_names: axes, class_names: classes }) {
  return JSON.stringify([task, domain, axes, classes]);
}

customElements.define("nn-output", NnOutput);
