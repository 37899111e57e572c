/**
 * Charts of curves over epochs: logarithmic axes, smoothing, a legend that switches curves, and the shared crosshair.
 *
 * @import { Figure, Kind } from "./card.js"
 */
import { metric } from "../core/format.js";
import { thinned } from "../core/sample.js";
import { ChartCard } from "./card.js";
import { check, legend, slider } from "./controls.js";
import { Crosshair } from "./crosshair.js";
import { MARGIN, axis, logAxis } from "./layouts.js";
import { nearest, smoothed, tableOf } from "./series.js";

const MOST_POINTS = 400;
/** How pale a curve is behind its smoothed self. */
const PALE = 0.25;

/**
 * @typedef {object} Curve
 * @property {string} key
 * @property {string} label
 * @property {string} [short] the label where there is little room
 * @property {string} colour
 * @property {string} dash as Plotly says it
 * @property {string} dashes as SVG says it
 * @property {number[]} x epochs, growing
 * @property {(number | null)[]} y
 */

/** @typedef {{logX: boolean, logY: boolean, smoothing: number}} Looks */

export class CurveChart extends ChartCard {
  /** @type {Crosshair | null} */
  #crosshair = null;
  /** Curves that the legend has switched off. @type {Set<string>} */
  #hidden = new Set();
  /** As drawn last. @type {Curve[]} */
  #curves = [];
  /** The first and last epoch of the axis. @type {[number, number]} */
  #range = [0, 1];

  /**
   * @param {HTMLElement} element
   * @param {Kind} kind
   * @param {Partial<Looks>} [looks]
   */
  constructor(element, kind, looks = {}) {
    super(element, kind);
    /** @type {Looks} */
    this.looks = { logX: false, logY: false, smoothing: 0, ...looks };
  }

  /** What is drawn, in full. @returns {Curve[]} */
  curves() {
    return [];
  }

  /** What a value is, as formats know it. @returns {string} */
  quantity() {
    return "loss";
  }

  /** @override */
  open() {
    this.#crosshair = new Crosshair(this.plot, {
      epochAt: (place) => this.#epochAt(place),
      read: (epoch) => this.#read(epoch),
    });
    super.open();
  }

  /** @override */
  close() {
    this.#crosshair?.close();
    super.close();
  }

  /** @override */
  headKey() {
    return this.#curves.map(({ key }) => key).join();
  }

  /** @override @returns {HTMLElement[]} */
  head() {
    const toggle = (/** @type {string} */ key) => {
      if (!this.#hidden.delete(key)) this.#hidden.add(key);
      this.refresh();
    };
    return [legend(this.#curves, this.#hidden, toggle)];
  }

  /** @override */
  settings() {
    const turn = (/** @type {"logX" | "logY"} */ which) => (/** @type {boolean} */ on) => {
      this.looks[which] = on;
      this.refresh();
    };
    const slide = (/** @type {number} */ value) => {
      this.looks.smoothing = value;
      this.refresh();
    };
    return [
      check("Logarithmic values", this.looks.logY, turn("logY")),
      check("Logarithmic epochs", this.looks.logX, turn("logX")),
      slider("Smoothing", { min: 0, max: 0.99, step: 0.01, value: this.looks.smoothing }, slide),
    ];
  }

  /** @override @returns {Figure | null} */
  figure() {
    const curves = (this.#curves = this.curves());
    const shown = curves.filter(({ key }) => !this.#hidden.has(key));
    const { logX, logY, smoothing } = this.looks;
    const epochs = curves.flatMap(({ x }) => [(logX ? x.find((epoch) => epoch > 0) : x[0]) ?? 0, x.at(-1) ?? 0]);
    this.#range = [Math.min(...epochs), Math.max(...epochs)];
    if (!(this.#range[1] > this.#range[0])) return null;
    const raw = smoothing ? shown.map((curve) => trace(curve, curve.y, PALE)) : [];
    const percent = this.quantity() === "accuracy";
    const range = logX ? this.#range.map(Math.log10) : this.#range;
    return {
      data: [...raw, ...shown.map((curve) => trace(curve, smoothed(curve.y, smoothing), 1))],
      layout: {
        xaxis: (logX ? logAxis : axis)("Epoch", { range, showgrid: false, tickformat: logX ? "" : ",d" }),
        yaxis: (logY ? logAxis : axis)("", {
          ...(logY ? {} : { rangemode: "tozero" }),
          tickformat: percent && !logY ? ".0%" : "",
          ...(percent && !logY ? { range: [0, 1.02] } : {}),
        }),
      },
    };
  }

  /** @override */
  drawn() {
    this.#crosshair?.show();
  }

  /** @override */
  summary() {
    const said = this.#curves.flatMap(({ label, y }) => {
      const [first, last] = [y.find((value) => value !== null), y.findLast((value) => value !== null)];
      if (first === undefined || last === undefined) return [];
      return `${label} from ${metric(this.quantity(), first)} to ${metric(this.quantity(), last)}`;
    });
    return said.length ? `Over ${this.#range[1]} epochs: ${said.join(". ")}.` : this.kind.empty;
  }

  /** @override */
  table() {
    return tableOf("epoch", this.curves());
  }

  /** @param {number} place */
  #epochAt(place) {
    const [from, to] = this.#range;
    const share = (place - MARGIN.l) / (this.plot.clientWidth - MARGIN.l - MARGIN.r);
    if (!(to > from) || share < 0 || share > 1) return null;
    return this.looks.logX ? from * (to / from) ** share : from + share * (to - from);
  }

  /** @param {number} epoch */
  #read(epoch) {
    const [from, to] = this.#range;
    if (!(to > from) || epoch < from || epoch > to) return null;
    const share = this.looks.logX ? Math.log(epoch / from) / Math.log(to / from) : (epoch - from) / (to - from);
    const lines = this.#curves
      .filter(({ key }) => !this.#hidden.has(key))
      .map(({ label, colour, dashes, x, y }) => {
        const value = y[nearest(x, epoch)];
        return { label, colour, dashes, text: metric(this.quantity(), value) };
      });
    return { place: MARGIN.l + share * (this.plot.clientWidth - MARGIN.l - MARGIN.r), lines };
  }
}

/**
 * @param {Curve} curve
 * @param {(number | null)[]} y
 * @param {number} opacity
 */
function trace({ x, label, colour, dash }, y, opacity) {
  const kept = thinned(x, y, MOST_POINTS);
  return {
    x: kept.map((index) => x[index] ?? 0),
    y: kept.map((index) => y[index] ?? null),
    name: label,
    mode: "lines",
    opacity,
    showlegend: opacity === 1,
    line: { color: colour, width: 2, dash },
  };
}
