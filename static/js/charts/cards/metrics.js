/** The metrics beside the loss (accuracy, R² and so on) over the epochs, one at a time. */
import { metricName } from "../../core/format.js";
import { CurveChart } from "../curves.js";
import { learningCurves, metricTabs, metricsOf } from "../learning-curves.js";

export class MetricsChart extends CurveChart {
  #chosen = "";

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element, {
      name: "metrics",
      title: "Metrics",
      parts: ["points"],
      empty: "Press play: accuracy or errors will be drawn here, epoch by epoch.",
    });
  }

  /** @override */
  quantity() {
    const names = this.#names();
    return names.includes(this.#chosen) ? this.#chosen : (names[0] ?? "");
  }

  /** @override */
  curves() {
    return learningCurves(this.state.points, this.quantity());
  }

  /** @override */
  title() {
    const names = this.#names();
    return names.length === 1 ? metricName(names[0] ?? "") : super.title();
  }

  /** @override */
  headKey() {
    return `${this.#names().join()} ${super.headKey()}`;
  }

  /** @override */
  head() {
    const names = this.#names();
    if (names.length < 2) return super.head();
    const choose = (/** @type {string} */ name) => {
      this.#chosen = name;
      this.refresh();
    };
    return [metricTabs(names, this.quantity(), choose), ...super.head()];
  }

  /** @override */
  summary() {
    return `${metricName(this.quantity())}. ${super.summary()}`;
  }

  #names() {
    return metricsOf(this.state.points.columns).filter((name) => name !== "loss");
  }
}
