/**
 * The plane as a hidden layer sees it: a grid and the training points, where the layer's answers place them.
 *
 * @import { PackedArray, PointSet, SpaceLayer } from "../../core/types.js"
 * @import { Figure } from "../card.js"
 */
import { bytesOf, valueOf } from "../../core/decode.js";
import { count } from "../../core/format.js";
import { ChartCard } from "../card.js";
import { tabs } from "../controls.js";
import { axis } from "../layouts.js";
import { dataFacts } from "../run-facts.js";
import { css, labelColour } from "../scatter.js";
import { theme, token } from "../theme.js";

/** Lines of the grid each way. */
const LINES = 11;
const SYMBOLS = ["circle", "circle", "triangle-up", "square", "diamond", "cross", "circle", "triangle-up"];

export class SpaceChart extends ChartCard {
  /** The layer that somebody has chosen; the last until then. @type {number | null} */
  #layer = null;
  #data = dataFacts(() => this.refresh());

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element, {
      name: "space",
      title: "Space warp",
      parts: ["space"],
      empty: "Where a hidden layer places the plane will be drawn here as soon as the network is compiled.",
      tall: true,
    });
  }

  /** @override @type {ChartCard["watch"]} */
  watch(state, drawn) {
    this.#data.watch(state);
    return super.watch(state, drawn);
  }

  /** @override */
  headKey() {
    return String(this.#layers().length);
  }

  /** @override */
  head() {
    const choices = this.#layers().map((_, index) => ({ value: String(index), label: String(index + 1) }));
    const choose = (/** @type {string} */ layer) => {
      this.#layer = Number(layer);
      this.refresh();
    };
    return choices.length < 2 ? [] : [tabs("Layer", choices, String(this.#shown()), choose)];
  }

  /** @override */
  empty() {
    return this.state.space ? "This network has no hidden layer that could bend the plane." : super.empty();
  }

  /** @override @returns {Figure | null} */
  figure() {
    const layer = this.#layers()[this.#shown()];
    if (!layer) return null;
    const line = { color: token("line-strong"), width: 1 };
    const components = layer.share !== null;
    const scale = { zeroline: !components, zerolinecolor: token("line-strong"), constrain: "domain" };
    const name = (/** @type {number} */ index) => `${components ? "Component" : "Neuron"} ${index}`;
    return {
      data: [
        { ...gridLines(layer), type: "scatter", mode: "lines", name: "The plane", line, hoverinfo: "skip" },
        ...this.#points(layer),
      ],
      layout: {
        xaxis: axis(name(1), { ...scale, range: widened(layer.grid[0].range) }),
        yaxis: axis(name(2), { ...scale, range: widened(layer.grid[1].range) }),
      },
    };
  }

  /** @override */
  summary() {
    const layer = this.#layers()[this.#shown()];
    if (!layer) return this.empty();
    const points = count(layer.samples[0].shape[1] ?? 0);
    const share =
      layer.share === null ? "" : ` Two components show ${(layer.share * 100).toFixed(0)} % of their variance.`;
    return `Layer ${this.#shown() + 1}: the plane and ${points} training points as it places them.${share}`;
  }

  /** @override */
  table() {
    const set = this.#data.document;
    const rows = this.#layers().flatMap((layer, index) =>
      this.#placed(layer).map(({ x, y, label }) => [index + 1, set?.class_names[label] ?? label, x, y]),
    );
    return { columns: ["layer", "label", "first", "second"], rows };
  }

  #layers() {
    return this.state.space?.layers ?? [];
  }

  #shown() {
    const last = Math.max(0, this.#layers().length - 1);
    return Math.min(this.#layer ?? last, last);
  }

  /**
   * The training points that are shown, in the order of the data.
   *
   * @param {SpaceLayer} layer
   */
  #placed({ samples: [first, second] }) {
    const [x, y] = [numbersOf(first), numbersOf(second)];
    const stride = this.state.space?.stride ?? 1;
    const points = this.#data.document?.points ?? [];
    return x.map((at, index) => ({ x: at, y: y[index] ?? 0, label: points[index * stride]?.[2] ?? 0 }));
  }

  /**
   * A trace for all points of a regression, or one for each class.
   *
   * @param {SpaceLayer} layer
   */
  #points(layer) {
    const set = this.#data.document;
    if (!set) return [];
    const placed = this.#placed(layer);
    if (set.task === "regression") return [markers(set, placed, "Samples", "circle")];
    const classes = set.class_names.map((name, index) => ({ name, index }));
    return classes.map(({ name, index }) =>
      markers(
        set,
        placed.filter(({ label }) => label === index),
        name,
        set.class_names.length > 2 ? (SYMBOLS[index] ?? "circle") : "circle",
      ),
    );
  }
}

/**
 * @param {PointSet} set
 * @param {{x: number, y: number, label: number}[]} placed
 * @param {string} name
 * @param {string} symbol
 */
function markers(set, placed, name, symbol) {
  const limit = Math.max(1, ...placed.map(({ label }) => Math.abs(label)));
  const color = placed.map(({ label }) => css(labelColour(set, label, limit)));
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: placed.map(({ x }) => x),
    y: placed.map(({ y }) => y),
    marker: { symbol, size: 6, color, line: { color: css(theme().surface), width: 0.8 } },
    hoverinfo: "skip",
  };
}

/**
 * Lines of the grid both ways, one after the other with gaps between.
 *
 * @param {SpaceLayer} layer
 */
export function gridLines({ grid: [first, second] }) {
  const side = first.shape[1] ?? 1;
  const all = Array.from({ length: side }, (_, index) => index);
  const drawn = Array.from({ length: LINES }, (_, index) => Math.round((index * (side - 1)) / (LINES - 1)));
  const places = drawn.flatMap((line) => [
    ...all.map((place) => line * side + place),
    -1,
    ...all.map((place) => place * side + line),
    -1,
  ]);
  const [x, y] = [numbersOf(first), numbersOf(second)];
  return { x: places.map((place) => x[place] ?? null), y: places.map((place) => y[place] ?? null) };
}

/** @param {PackedArray} packed */
function numbersOf({ data, range = [0, 255] }) {
  return Array.from(bytesOf(data), (byte) => valueOf(byte, range));
}

/**
 * A range with a little room at both ends.
 *
 * @param {[number, number]} [range]
 */
function widened([low, high] = [0, 1]) {
  const room = (high - low) * 0.04;
  return [low - room, high + room];
}
