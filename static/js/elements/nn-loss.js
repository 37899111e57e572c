/**
 * `<nn-loss>`: the learning curve, one metric at a time.
 *
 * @import { LabState, PointLog } from "../core/types.js"
 */
import { LineChart, PARTS, hasPart, metricsOf, summary } from "../charts/lines.js";
import { token } from "../charts/theme.js";
import { metricName } from "../core/format.js";
import { session } from "../core/session.js";
import { throttled } from "../core/throttle.js";

const SUMMARY_EVERY = 2000;

class NnLoss extends HTMLElement {
  #metric = "loss";
  /** What the tabs and the legend were made for. */
  #made = "";
  #summarise = throttled(SUMMARY_EVERY, (/** @type {PointLog} */ points) => {
    this.querySelector("[data-plot]")?.setAttribute("aria-label", summary(points, this.#metric));
  });
  /** @type {LineChart | null} */
  #chart = null;
  /** @type {(() => void)[]} */
  #ends = [];

  connectedCallback() {
    const plot = this.querySelector("[data-plot]");
    if (!(plot instanceof HTMLElement)) return;
    const canvas = document.createElement("div");
    plot.append(canvas);
    canvas.className = "loss-canvas";
    this.#chart = new LineChart(canvas);
    const resize = new ResizeObserver(() => session.redraw());
    resize.observe(plot);
    this.#ends = [
      session.subscribe({ parts: ["points"], draw: (state, drawn) => this.#draw(state, drawn) }),
      () => resize.disconnect(),
      () => canvas.remove(),
    ];
  }

  disconnectedCallback() {
    this.#chart?.close();
    this.#summarise.cancel();
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  /**
   * @param {Readonly<LabState>} state
   * @param {Readonly<LabState>} drawn
   */
  #draw(state, drawn) {
    if (state.points === drawn.points) return;
    const { points } = state;
    const metrics = metricsOf(points.columns);
    if (!metrics.includes(this.#metric)) this.#metric = metrics[0] ?? "loss";
    this.#makeHead(state, metrics);
    const empty = this.querySelector("[data-empty]");
    if (empty instanceof HTMLElement) empty.hidden = points.rows.length > 1;
    this.querySelector(".loss-canvas")?.classList.toggle("waiting", points.rows.length <= 1);
    this.#chart?.show(points, this.#metric);
    if (points.rows.length > 1) this.#summarise(points);
  }

  /**
   * Tabs for the metrics and a legend for the parts that there are.
   *
   * @param {Readonly<LabState>} state
   * @param {string[]} metrics
   */
  #makeHead({ points }, metrics) {
    const parts = PARTS.filter(({ part }) => hasPart(points, part));
    const made = [
      this.#metric,
      document.documentElement.dataset.theme,
      ...metrics,
      ...parts.map(({ part }) => part),
    ].join();
    if (made === this.#made) return;
    this.#made = made;
    const tabs = metrics.map((name) => {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.className = "tab";
      tab.textContent = metricName(name);
      tab.setAttribute("aria-pressed", String(name === this.#metric));
      tab.addEventListener("click", () => {
        this.#metric = name;
        this.#summarise.cancel();
        session.redraw();
      });
      return tab;
    });
    this.querySelector("[data-tabs]")?.replaceChildren(...tabs);
    const entries = parts.map(({ part, label, dashes }) => {
      const entry = document.createElement("li");
      entry.innerHTML = `<svg class="chart-key" viewBox="0 0 24 4" aria-hidden="true"><path d="M0 2h24" /></svg>`;
      const path = entry.querySelector("path");
      path?.setAttribute("stroke", token(part));
      path?.setAttribute("stroke-dasharray", dashes);
      entry.append(label);
      return entry;
    });
    this.querySelector("[data-legend]")?.replaceChildren(...entries);
  }
}

customElements.define("nn-loss", NnLoss);
