/**
 * The run's loss over what the network answers, for each target; other losses that fit are pale beside it.
 *
 * @import { Figure } from "../card.js"
 */
import { metricName } from "../../core/format.js";
import { ChartCard } from "../card.js";
import { tabs } from "../controls.js";
import { axis } from "../layouts.js";
import { functionCurves } from "../run-facts.js";
import { token } from "../theme.js";

/** What is drawn of a loss that grows without bound. */
const HIGHEST = 4;

export class LossFunctionChart extends ChartCard {
  #functions = functionCurves(() => this.refresh());
  #target = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element, {
      name: "loss_function",
      title: "Loss function",
      parts: [],
      empty: "The loss for each prediction will be drawn here.",
    });
  }

  /** @override @type {ChartCard["watch"]} */
  watch(state) {
    this.#functions.watch(state);
    return false;
  }

  /** @override */
  headKey() {
    return this.#targets().join();
  }

  /** @override */
  head() {
    const targets = this.#targets();
    if (targets.length < 2) return [];
    const choices = targets.map((target, index) => ({ value: String(index), label: `Target ${signed(target)}` }));
    const choose = (/** @type {string} */ index) => {
      this.#target = Number(index);
      this.refresh();
    };
    return [tabs("Target", choices, String(this.#shown()), choose)];
  }

  /** @override @returns {Figure | null} */
  figure() {
    const loss = this.#functions.document?.loss;
    if (!loss) return null;
    const target = this.#shown();
    const probability = (loss.x[0] ?? 0) > 0;
    const own = (/** @type {string} */ name) => name === loss.name;
    const names = Object.keys(loss.curves).sort((one, other) => Number(own(one)) - Number(own(other)));
    const highest = Math.max(...(loss.curves[loss.name]?.[target] ?? []));
    return {
      data: names.map((name) => ({
        x: loss.x,
        y: loss.curves[name]?.[target] ?? [],
        name: metricName(name),
        mode: "lines",
        line: { color: token(own(name) ? "train" : "line-strong"), width: own(name) ? 2.5 : 1 },
        opacity: own(name) ? 1 : 0.6,
        hovertemplate: "%{y:.4~g}",
      })),
      layout: {
        hovermode: "x unified",
        xaxis: axis(this.#targets().length < 2 ? "Prediction − target" : probability ? "Probability" : "Prediction"),
        yaxis: axis("", { range: [0, Math.min(HIGHEST, highest) * 1.05] }),
      },
    };
  }

  /** @override */
  summary() {
    const name = this.#functions.document?.loss.name;
    return name ? `${metricName(name)} for each prediction, beside other losses.` : this.kind.empty;
  }

  /** @override */
  table() {
    const loss = this.#functions.document?.loss;
    if (!loss) return super.table();
    const columns = Object.entries(loss.curves).flatMap(([name, curves]) =>
      curves.map((values, index) => ({ label: `${name} (target ${loss.targets[index]})`, values })),
    );
    return {
      columns: ["prediction", ...columns.map(({ label }) => label)],
      rows: loss.x.map((at, index) => [at, ...columns.map(({ values }) => values[index] ?? null)]),
    };
  }

  #targets() {
    return this.#functions.document?.loss.targets ?? [];
  }

  #shown() {
    return Math.min(this.#target, Math.max(0, this.#targets().length - 1));
  }
}

/** @param {number} value */
function signed(value) {
  return value < 0 ? `−${-value}` : value > 0 ? `+${value}` : "0";
}
