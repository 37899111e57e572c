/**
 * `<nn-output>`: what the network answers over the plane, the points of the data above it, and the metrics in numbers.
 *
 * @import { LabState, PointSet } from "../core/types.js"
 */
import { drawBoundary } from "../charts/heatmap.js";
import { drawMark, drawPoints } from "../charts/scatter.js";
import { metric, tick } from "../core/format.js";
import { session } from "../core/session.js";
import { throttled } from "../core/throttle.js";
import { view } from "../core/view.js";

const SUMMARY_EVERY = 2000;

class NnOutput extends HTMLElement {
  /** @type {PointSet | null} */
  #points = null;
  /** The run and origin that the points belong to. */
  #pointsOf = "";
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
    const area = this.#find("div", ".plot-area");
    const resize = new ResizeObserver(() => this.#drawPoints());
    resize.observe(area);
    const toggled = (/** @type {Event} */ event) => {
      if (event.target instanceof HTMLInputElement && event.target.id === "show-test") this.#drawPoints();
    };
    this.addEventListener("change", toggled);
    this.#ends = [
      session.subscribe({ parts: ["boundary", "metrics"], draw: (state, drawn) => this.#draw(state, drawn) }),
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
    if (state.origin >= 0) void this.#fetchPoints(state.run, state.origin);
    if (drawn.revision < 0) this.#drawPoints();
    if (state.boundary && state.boundary !== drawn.boundary) {
      drawBoundary(this.#find("canvas", ".plot-map"), state.boundary, view().discretise);
    }
    if (state.metrics && state.metrics !== drawn.metrics) this.#showMetrics(state);
  }

  /** @param {Readonly<LabState>} state */
  #showMetrics(state) {
    for (const cell of this.querySelectorAll("td")) {
      const { part = "", metric: name = "" } = cell.dataset;
      const text = metric(name, state.metrics?.[part]?.[name]);
      if (cell.textContent !== text) cell.textContent = text;
    }
    this.#summarise();
  }

  /**
   * @param {string} run
   * @param {number} origin
   */
  async #fetchPoints(run, origin) {
    const wanted = `${run}/${origin}`;
    if (wanted === this.#pointsOf) return;
    this.#pointsOf = wanted;
    const answer = await fetch(`/runs/${run}/points`).catch(() => null);
    if (this.#pointsOf !== wanted) return;
    if (!answer?.ok) {
      this.#pointsOf = "";
      return;
    }
    const set = /** @type {PointSet} */ (await answer.json());
    if (this.#pointsOf !== wanted) return;
    this.#points = set;
    this.#drawAxes(set);
    this.#drawLegend(set);
    this.#drawPoints();
  }

  #drawPoints() {
    if (!this.#points) return;
    drawPoints(this.#find("canvas", ".plot-points"), this.#points, this.#find("input", "#show-test").checked);
  }

  /** @param {PointSet} set */
  #drawAxes(set) {
    for (const [index, axis] of ["x", "y"].entries()) {
      const [low, high] = set.domain[index] ?? [0, 0];
      const name = (set.axis_names[index] ?? "").replace(/^x([12])$/, (_, digit) => (digit === "1" ? "x₁" : "x₂"));
      const labels = [tick(low), name, tick(high)].map((text) => {
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

customElements.define("nn-output", NnOutput);
