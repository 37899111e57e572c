/**
 * Learning curves with Plotly: at most ten redraws a second, fewer where one is dear, and at most 500 points a curve.
 *
 * @import { PointLog } from "../core/types.js"
 */
import { metric, metricName } from "../core/format.js";
import { thinned } from "../core/sample.js";
import { token } from "./theme.js";

const LIBRARY = "/static/vendor/plotly-cartesian.min.js";
const MOST_POINTS = 500;
const LEAST_WAIT = 100;
/** Redrawing may take this share of the time. */
const SHARE = 1 / 10;

/** How the curve of each part is drawn: by its dashes, too. */
export const PARTS = [
  { part: "train", label: "Training", dash: "solid", dashes: "" },
  { part: "validation", label: "Validation", dash: "dot", dashes: "2 3" },
  { part: "test", label: "Test", dash: "dash", dashes: "6 4" },
];

/** @type {Promise<PlotlyApi> | undefined} */
let library;

/** Plotly, loaded once and only when a chart is there. @returns {Promise<PlotlyApi>} */
function plotly() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = LIBRARY;
    script.addEventListener("load", () => (window.Plotly ? resolve(window.Plotly) : reject(new Error("no Plotly"))));
    script.addEventListener("error", () => reject(new Error(`${LIBRARY} cannot be loaded`)));
    document.head.append(script);
  });
  return library;
}

/**
 * The metrics that a log holds, in its order: its columns are named `train_loss`, `test_accuracy` and so on.
 *
 * @param {string[]} columns
 * @returns {string[]}
 */
export function metricsOf(columns) {
  return columns.filter((name) => name.startsWith("train_")).map((name) => name.slice("train_".length));
}

/** The curves of one metric of a log, in one element. */
export class LineChart {
  /** @type {HTMLElement} */
  #element;
  /** @type {PlotlyApi | null} */
  #plotly = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {{log: PointLog, name: string} | null} */
  #wanted = null;
  #nextAt = 0;
  #closed = false;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
    void plotly().then((api) => {
      if (this.#closed) return;
      this.#plotly = api;
      this.#schedule();
    });
  }

  /**
   * Shows a metric of a log, soon.
   *
   * @param {PointLog} log
   * @param {string} name
   */
  show(log, name) {
    this.#wanted = { log, name };
    this.#schedule();
  }

  /** Frees what Plotly holds. */
  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#plotly?.purge(this.#element);
  }

  #schedule() {
    if (!this.#plotly || !this.#wanted || this.#timer) return;
    // Between animation frames, so that it does not lengthen the one in which maps and links are drawn.
    const wait = Math.max(0, this.#nextAt - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#draw();
    }, wait);
  }

  #draw() {
    if (!this.#wanted || !this.#plotly || this.#closed) return;
    const { log, name } = this.#wanted;
    this.#wanted = null;
    const began = performance.now();
    const { clientWidth: width, clientHeight: height } = this.#element;
    if (width && height) {
      void this.#plotly.react(this.#element, traces(log, name), layout(name, width, height), {
        displayModeBar: false,
        doubleClick: false,
      });
    }
    const cost = performance.now() - began;
    this.#nextAt = performance.now() + Math.max(LEAST_WAIT, cost / SHARE);
  }
}

/**
 * @param {PointLog} log
 * @param {string} name
 * @returns {PlotlyTrace[]}
 */
function traces(log, name) {
  const epochs = column(log, "epoch").map(Number);
  return PARTS.filter(({ part }) => hasPart(log, part)).map(({ part, label, dash }) => {
    const values = column(log, `${part}_${name}`);
    const kept = thinned(epochs, values, MOST_POINTS);
    return {
      x: kept.map((index) => epochs[index] ?? 0),
      y: kept.map((index) => values[index] ?? null),
      name: label,
      mode: "lines",
      line: { color: token(part), width: 2, dash },
      hovertemplate: name === "accuracy" ? "%{y:.1%}" : "%{y:.4g}",
    };
  });
}

/**
 * Whether a part has any samples: one that has none has no loss at any step.
 *
 * @param {PointLog} log
 * @param {string} part
 */
export function hasPart(log, part) {
  const index = log.columns.indexOf(`${part}_loss`);
  return log.rows.some((row) => (row[index] ?? null) !== null);
}

/**
 * @param {PointLog} log
 * @param {string} name
 */
function column(log, name) {
  const index = log.columns.indexOf(name);
  return log.rows.map((row) => row[index] ?? null);
}

/**
 * @param {string} name
 * @param {number} width
 * @param {number} height
 */
function layout(name, width, height) {
  const line = token("line");
  const axis = { gridcolor: line, linecolor: line, zeroline: false, fixedrange: true, tickcolor: line };
  return {
    width,
    height,
    margin: { l: 48, r: 8, t: 6, b: 32 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: getComputedStyle(document.body).fontFamily, size: 11, color: token("ink-soft") },
    showlegend: false,
    hovermode: "x unified",
    hoverlabel: { bgcolor: token("surface"), bordercolor: token("line"), font: { color: token("ink") } },
    xaxis: {
      ...axis,
      title: { text: "Epoch", standoff: 4, font: { size: 11 } },
      rangemode: "tozero",
      showgrid: false,
      hoverformat: ",d",
    },
    yaxis: {
      ...axis,
      rangemode: "tozero",
      nticks: 5,
      tickformat: name === "accuracy" ? ".0%" : "",
      ...(name === "accuracy" ? { range: [0, 1.02] } : {}),
    },
  };
}

/**
 * The curve in a sentence, for those who do not see it.
 *
 * @param {PointLog} log
 * @param {string} name
 */
export function summary(log, name) {
  const first = log.rows[0];
  const last = log.rows.at(-1);
  if (!first || !last || first === last) return `${metricName(name)}: no points yet`;
  const parts = PARTS.flatMap(({ part, label }) => {
    const index = log.columns.indexOf(`${part}_${name}`);
    const [from, to] = [first[index], last[index]];
    return to === null || to === undefined ? [] : `${label} from ${metric(name, from)} to ${metric(name, to)}`;
  });
  return `${metricName(name)} over ${last[log.columns.indexOf("epoch")]} epochs. ${parts.join(". ")}.`;
}
