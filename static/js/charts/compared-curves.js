/**
 * A metric of several runs over each other, or, of several seeds, its mean between the least and the largest.
 *
 * @import { Figure } from "./card.js"
 * @import { Curve } from "./curves.js"
 * @import { Runs } from "../core/runs.js"
 */
import { metricName } from "../core/format.js";
import { spread } from "../core/spread.js";
import { tabs } from "./controls.js";
import { CurveChart } from "./curves.js";
import { learningCurves, metricsOf, metricTabs, PARTS } from "./learning-curves.js";
import { token } from "./theme.js";

/** As Plotly says them and as SVG does: runs are told apart by their dashes, too. */
const DASHES = [
  { dash: "solid", dashes: "" },
  { dash: "dash", dashes: "6 4" },
  { dash: "dot", dashes: "2 3" },
  { dash: "dashdot", dashes: "6 3 2 3" },
];
const COLOURS = 8;
/** How strong the band between the least and the largest is. */
const BAND = 0.15;

/**
 * How a run is drawn wherever it is: by its place among the others.
 *
 * @param {number} index
 */
export function lineOf(index) {
  const { dash, dashes } = DASHES[(index + Math.floor(index / COLOURS)) % DASHES.length] ?? { dash: "", dashes: "" };
  return { colour: token(`class-${index % COLOURS}`), dash, dashes };
}

export class ComparedCurves extends CurveChart {
  /** @type {Runs} */
  #runs;
  /** @type {ReadonlyMap<string, string>} */
  #names;
  #metric = "loss";
  #part = "";
  #together;

  /**
   * @param {HTMLElement} element
   * @param {Runs} runs
   * @param {ReadonlyMap<string, string>} names by run
   * @param {boolean} seedsAlone whether they are one experiment with several seeds
   */
  constructor(element, runs, names, seedsAlone) {
    super(element, {
      name: "curves",
      title: "Learning curves",
      parts: [],
      empty: "Press play: the curves will be drawn here, epoch by epoch.",
    });
    this.#runs = runs;
    this.#names = names;
    this.#together = seedsAlone && names.size > 1;
    this.summable = this.#together;
  }

  /** @override */
  quantity() {
    return this.#metrics().includes(this.#metric) ? this.#metric : "loss";
  }

  /** @override */
  summary() {
    return `${metricName(this.quantity())}. ${super.summary()}`;
  }

  /** @override */
  curves() {
    const part = this.#shown();
    const curves = [...this.#runs.states].flatMap(([run, { points }], index) => {
      const curve = learningCurves(points, this.quantity()).find(({ key }) => key === part);
      return curve ? [{ ...curve, ...lineOf(index), key: run, label: this.#names.get(run) ?? "" }] : [];
    });
    return this.#together ? this.#summed(curves) : curves;
  }

  /** @override @returns {Figure | null} */
  figure() {
    const figure = super.figure();
    if (!figure || !this.#together) return figure;
    const [, least, largest] = this.curves();
    const edge = { mode: "lines", line: { width: 0 }, fillcolor: pale(token("accent")) };
    const band = [
      { x: least?.x, y: least?.y, ...edge },
      { x: largest?.x, y: largest?.y, ...edge, fill: "tonexty" },
    ];
    return { ...figure, data: [...band, ...figure.data] };
  }

  /** @override */
  headKey() {
    return `${this.#metrics().join()} ${this.#parts().join()} ${this.#together} ${lineOf(0).colour} ${super.headKey()}`;
  }

  /** @override */
  head() {
    const parts = PARTS.filter(({ part }) => this.#parts().includes(part));
    const choices = parts.map(({ part, label }) => ({ value: part, label }));
    const choose = (/** @type {string} */ part) => {
      this.#part = part;
      this.refresh();
    };
    const measure = (/** @type {string} */ metric) => {
      this.#metric = metric;
      this.refresh();
    };
    const sum = (/** @type {string} */ how) => {
      this.#together = how === "together";
      this.refresh();
    };
    const ways = [
      { value: "together", label: "Mean", title: "Mean, least and largest" },
      { value: "each", label: "Each" },
    ];
    const chosen = this.#together ? "together" : "each";
    const metrics = this.#metrics();
    return [
      ...(metrics.length > 1 ? [metricTabs(metrics, this.quantity(), measure)] : []),
      ...(choices.length > 1 ? [tabs("Part of the data", choices, this.#shown(), choose)] : []),
      ...(this.summable ? [tabs("Seeds", ways, chosen, sum)] : []),
      ...super.head(),
    ];
  }

  /** The metrics that some run has. */
  #metrics() {
    return [...new Set([...this.#runs.states.values()].flatMap(({ points }) => metricsOf(points.columns)))];
  }

  /** The parts of the data of which some run has the metric. */
  #parts() {
    const curves = [...this.#runs.states.values()].flatMap(({ points }) => learningCurves(points, this.quantity()));
    const known = curves.filter(({ y }) => y.some((value) => value !== null));
    return [...new Set(known.map(({ key }) => key))];
  }

  /** The part that is shown: the one that was chosen, else the last. */
  #shown() {
    const parts = this.#parts();
    const last = PARTS.findLast(({ part }) => parts.includes(part))?.part ?? "";
    return parts.includes(this.#part) ? this.#part : last;
  }

  /**
   * @param {Curve[]} curves
   * @returns {Curve[]}
   */
  #summed(curves) {
    const { x, mean, least, largest } = spread(curves);
    const faint = { colour: token("ink-faint"), dash: "dot", dashes: "2 3", x };
    return [
      {
        key: "mean",
        label: `Mean of ${curves.length}`,
        colour: token("accent"),
        dash: "solid",
        dashes: "",
        x,
        y: mean,
      },
      { key: "least", label: "Least", ...faint, y: least },
      { key: "largest", label: "Largest", ...faint, y: largest },
    ];
  }
}

/** @param {string} colour as CSS computes it */
function pale(colour) {
  return colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${BAND})`);
}
