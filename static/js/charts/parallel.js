/**
 * The trials of a sweep as lines over parallel axes: one axis for each field that is searched, the objective last. What is
 * brushed on an axis leaves the other lines behind, and is told to whoever owns the chart.
 *
 * @import { Trial } from "../core/trials.js"
 * @import { Figure } from "./card.js"
 * @import { Brush, FieldAxis } from "./parallel-axes.js"
 *
 * @typedef {object} Objective
 * @property {string} path such as `test_loss`
 * @property {string} title
 *
 * @typedef {object} Dimension of Plotly's, as far as it is used here
 * @property {string} name
 * @property {string} label
 * @property {number[]} values
 * @property {[number, number]} range
 * @property {number[]} [tickvals]
 * @property {string[]} [ticktext]
 * @property {string} [tickformat]
 * @property {Brush | undefined} [constraintrange]
 */
import { mix, parseColour } from "../core/colour.js";
import { metric } from "../core/format.js";
import { ranked, scoreOf } from "../core/trials.js";
import { ChartCard } from "./card.js";
import { fieldAxis, isWide, numberAxis, onAxis, within } from "./parallel-axes.js";
import { hasWebGl } from "./plotly.js";
import { css } from "./scatter.js";
import { theme, token } from "./theme.js";

/** Below this the shade of a line tells its rank; above, it is the best. */
const BEST = 0.98;
/** Plotly draws all lines equally thin: the best is drawn again on both sides, so much of an axis away. */
const BESIDE = [0, 0.003, -0.003];
/** About half the width of a letter of a title, in pixels. */
const HALF_LETTER = 3.3;

export class ParallelChart extends ChartCard {
  #fields;
  #objective;
  #higher;
  #brushed;
  /** Those that have finished, the best first. @type {Trial[]} */
  #trials = [];
  /** By path. @type {Map<string, Brush>} */
  #brushes = new Map();
  /** The paths in the order in which somebody has put the axes. @type {string[]} */
  #order = [];
  #listening = false;

  /**
   * @param {HTMLElement} element
   * @param {FieldAxis[]} fields
   * @param {Objective} objective
   * @param {boolean} higher whether more of the objective is better
   * @param {() => void} brushed called when other trials than before are left
   */
  constructor(element, fields, objective, higher, brushed) {
    super(element, {
      name: "trials",
      title: "All trials",
      parts: [],
      empty: "Each trial will be a line here as soon as it has finished.",
      library: "parallel",
    });
    this.#fields = fields;
    this.#objective = objective;
    this.#higher = higher;
    this.#brushed = brushed;
    this.plot.tabIndex = 0; // it scrolls where there are more axes than room
  }

  /** @override */
  open() {
    if (hasWebGl()) super.open();
    else this.tell("This browser has no WebGL, which this chart needs. The table below tells the same.");
  }

  /**
   * @param {Trial[]} trials all of them, as they are now
   * @param {boolean} last whether they stay so
   */
  show(trials, last) {
    this.#trials = ranked(trials, this.#objective.path, this.#higher);
    if (last) this.refresh();
    else this.request();
  }

  /**
   * Whether a trial is left by what is brushed.
   *
   * @param {Trial} trial
   */
  keeps(trial) {
    return [...this.#brushes].every(([path, brush]) => within(this.#valueOn(path, trial), brush));
  }

  get isBrushed() {
    return this.#brushes.size > 0;
  }

  /** Takes all brushes away. */
  showAll() {
    this.#brushes.clear();
    this.refresh();
    this.#brushed();
  }

  /** @override */
  head() {
    const note = document.createElement("span");
    note.className = "chart-note";
    note.textContent = "Green is the best; drag along an axis to choose";
    return [note];
  }

  /** @override @returns {Figure | null} */
  figure() {
    if (!this.#trials.length) return null;
    const trials = this.#trials.toReversed(); // the best is drawn last, over the others
    const font = { color: token("ink-soft"), size: 11 };
    const dimensions = this.#ordered(this.#dimensions(trials));
    return {
      data: [
        {
          type: "parcoords",
          dimensions,
          line: {
            color: [...trials.map((_, place) => shadeOf(place, trials.length)), 1, 1],
            cmin: 0,
            cmax: 1,
            colorscale: [
              [0, shade(0.45)],
              [BEST, shade(1)],
              [BEST, token("good")],
              [1, token("good")],
            ],
          },
          unselected: { line: { color: token("line"), opacity: 0.5 } },
          labelfont: { ...font, size: 12, color: token("ink") },
          tickfont: font,
          rangefont: font,
        },
      ],
      layout: { margin: { l: roomFor(dimensions[0], 64), r: roomFor(dimensions.at(-1), 48), t: 44, b: 24 } },
    };
  }

  /** @override */
  drawn() {
    if (this.#listening) return;
    this.#listening = true;
    const plot = /** @type {HTMLElement & {on?: (name: string, call: () => void) => void}} */ (this.canvas);
    plot.on?.("plotly_restyle", () => this.#readBrushes());
  }

  /** @override */
  summary() {
    const [best] = this.#trials;
    if (!best) return this.empty();
    const worst = this.#trials.at(-1);
    const numbers = [best, worst].map((trial) => trial && this.#told(trial));
    const { title } = this.#objective;
    return `${this.#trials.length} trials; ${title} from ${numbers[0]} (trial ${best.index + 1}) to ${numbers[1]}. The table has all numbers.`;
  }

  /** @override */
  table() {
    const rows = this.#trials.map((trial) => [
      trial.index + 1,
      ...this.#fields.map(({ values, names }) => {
        const value = values[trial.index] ?? 0;
        return names ? (names[value] ?? "") : value;
      }),
      scoreOf(trial, this.#objective.path),
    ]);
    return { columns: ["trial", ...this.#fields.map(({ path }) => path), this.#objective.path], rows };
  }

  /** @param {Trial} trial */
  #told(trial) {
    return metric(this.#objective.path.split(/_(.*)/)[1] ?? "", scoreOf(trial, this.#objective.path));
  }

  /**
   * @param {Trial[]} trials
   * @returns {Dimension[]}
   */
  #dimensions(trials) {
    const scores = trials.map((trial) => scoreOf(trial, this.#objective.path) ?? NaN);
    const axes = [
      ...this.#fields.map((field) => ({ field, axis: fieldAxis(field) })),
      { field: this.#objective, axis: numberAxis(scores, isWide(scores), this.#objective.path.endsWith("_accuracy")) },
    ];
    return axes.map(({ field: { path, title }, axis }) => ({
      ...axis,
      name: path,
      label: title,
      values: withBest(
        trials.map((trial) => this.#valueOn(path, trial)),
        axis.range,
      ),
      constraintrange: this.#brushes.get(path),
    }));
  }

  /**
   * Where a trial's line meets an axis; NaN where it has no line.
   *
   * @param {string} path
   * @param {Trial} trial
   */
  #valueOn(path, trial) {
    const field = this.#fields.find((other) => other.path === path);
    if (field) return onAxis(field.values[trial.index] ?? NaN, field.log ?? false);
    const scores = this.#trials.map((other) => scoreOf(other, path) ?? NaN);
    return onAxis(scoreOf(trial, path) ?? NaN, isWide(scores));
  }

  /** @param {Dimension[]} dimensions */
  #ordered(dimensions) {
    const place = ({ name = "" }) => this.#order.indexOf(name);
    return dimensions.toSorted((one, other) => place(one) - place(other));
  }

  /** Somebody has brushed an axis, or has put the axes into another order. */
  #readBrushes() {
    const { data } = /** @type {{data?: {dimensions: Dimension[]}[]}} */ (/** @type {unknown} */ (this.canvas));
    const dimensions = data?.[0]?.dimensions ?? [];
    this.#order = dimensions.map(({ name }) => name);
    this.#brushes = new Map(
      dimensions.flatMap(({ name, constraintrange: brush }) => (brush?.length ? [[name, brush]] : [])),
    );
    this.#brushed();
  }
}

/**
 * The room beside the first or last axis, over which its title is centred.
 *
 * @param {Dimension | undefined} dimension
 * @param {number} least
 */
function roomFor(dimension, least) {
  return Math.max(least, 8 + (dimension?.label.length ?? 0) * HALF_LETTER);
}

/**
 * The colour of good trials, so much of the way from the paper.
 *
 * @param {number} part
 */
function shade(part) {
  return css(mix(theme().surface, parseColour(token("accent")), part));
}

/**
 * @param {number[]} values the best last
 * @param {[number, number]} range
 */
function withBest(values, [low, high]) {
  return [...values.slice(0, -1), ...BESIDE.map((share) => (values.at(-1) ?? 0) + share * (high - low))];
}

/**
 * The shade of a line, 0 to 1: the better, the stronger; the best has a colour of its own.
 *
 * @param {number} place from the worst
 * @param {number} count
 */
export function shadeOf(place, count) {
  return place === count - 1 ? 1 : (place / Math.max(1, count - 1)) * (BEST - 0.01);
}
