/**
 * The trials of a sweep as lines over parallel axes: one axis for each field that is searched, the objective last. What is
 * brushed on an axis leaves the other lines behind, and is told to whoever owns the chart.
 *
 * @import { Trial } from "../core/trials.js"
 * @import { Figure } from "./card.js"
 *
 * @typedef {object} FieldAxis as app/web/sweeps/page.py writes it
 * @property {string} path
 * @property {string} title
 * @property {number[]} values of each trial; of categories, their places
 * @property {string[]} [names] of categories
 * @property {number} [low]
 * @property {number} [high]
 * @property {boolean} [log]
 *
 * @typedef {object} Objective
 * @property {string} path such as `test_loss`
 * @property {string} title
 *
 * @typedef {[number, number] | [number, number][]} Brush one range of an axis, or several
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
import { metric, tick } from "../core/format.js";
import { ranked, scoreOf } from "../core/trials.js";
import { ChartCard } from "./card.js";
import { hasWebGl } from "./plotly.js";
import { css } from "./scatter.js";
import { theme, token } from "./theme.js";

/** An axis of so many different numbers has a tick for each. */
const FEW = 8;
/** Numbers that are the same in so many digits are the same. */
const SAME = 6;
/** A space of no width. */
const INVISIBLE = "\u200b";
/** From this ratio of the highest objective to the lowest on, its axis is logarithmic. */
const WIDE = 30;
/** Below this the shade of a line tells its rank; above, it is the best. */
const BEST = 0.98;
/** Plotly draws all lines equally thin: the best is drawn again on both sides, so much of an axis away. */
const BESIDE = [0, 0.003, -0.003];

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
    const dimensions = this.#dimensions(trials);
    return {
      data: [
        {
          type: "parcoords",
          dimensions: this.#ordered(dimensions),
          line: {
            color: [...trials.map((_, place) => shadeOf(place, trials.length)), 1, 1],
            cmin: 0,
            cmax: 1,
            colorscale: [
              [0, shade(0.3)],
              [BEST, shade(0.8)],
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
      layout: { margin: { l: 64, r: 48, t: 44, b: 24 } },
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
      { field: this.#objective, axis: numberAxis(scores, isWide(scores)) },
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

/**
 * @param {number} value
 * @param {Brush} brush
 */
export function within(value, brush) {
  const ranges = /** @type {[number, number][]} */ (Array.isArray(brush[0]) ? brush : [brush]);
  return ranges.some(([low, high]) => value >= low && value <= high);
}

/**
 * @param {number} value
 * @param {boolean} log
 */
function onAxis(value, log) {
  return log ? Math.log10(value) : value;
}

/** @param {FieldAxis} field */
function fieldAxis({ values, names, low = 0, high = 1, log = false }) {
  if (names) {
    const places = names.map((_, place) => place);
    const range = /** @type {[number, number]} */ (names.length > 1 ? [0, names.length - 1] : [-1, 1]);
    return { range, tickvals: places, ticktext: names };
  }
  return numberAxis([low, ...values, high], log);
}

/**
 * The range and the ticks of an axis of numbers: a tick for each where they are few, powers of ten where it is logarithmic.
 *
 * @param {number[]} values
 * @param {boolean} log
 * @returns {{range: [number, number], tickvals?: number[], ticktext?: string[], tickformat?: string}}
 */
export function numberAxis(values, log) {
  const few = [...new Set(values.map((value) => Number(value.toPrecision(SAME))))].sort((one, other) => one - other);
  const [low = 0, high = 1] = [few[0], few.at(-1)];
  const range = /** @type {[number, number]} */ (
    low < high ? [onAxis(low, log), onAxis(high, log)] : [onAxis(low, log) - 1, onAxis(low, log) + 1]
  );
  if (few.length <= FEW) return { range, tickvals: few.map((value) => onAxis(value, log)), ticktext: few.map(tick) };
  return log ? { range, ...logTicks(low, high) } : { range, tickformat: ".3~g" };
}

/**
 * Ticks at one to nine of each power of ten; the powers are named, and where there is one at most, those at two and five.
 *
 * @param {number} low
 * @param {number} high
 */
function logTicks(low, high) {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const all = Array.from({ length: last - first + 1 }, (_, place) =>
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => ({ digit, value: Number(`${digit}e${first + place}`) })),
  );
  const ticks = all.flat().filter(({ value }) => value >= low && value <= high);
  const named = ticks.filter(({ digit }) => digit === 1).length > 1 ? [1] : [1, 2, 5];
  return {
    tickvals: ticks.map(({ value }) => Math.log10(value)),
    // Plotly tells ticks apart by their texts: those without a name have invisible ones.
    ticktext: ticks.map(({ digit, value }, place) =>
      named.includes(digit) ? tick(value) : INVISIBLE.repeat(place + 1),
    ),
  };
}

/** @param {number[]} scores */
function isWide(scores) {
  const low = Math.min(...scores);
  return low > 0 && Math.max(...scores) / low > WIDE;
}
