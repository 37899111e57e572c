/**
 * The output over the plane as a surface in space, which can be turned. Its library is loaded when it is first opened.
 *
 * @import { Figure } from "../card.js"
 */
import { mix } from "../../core/colour.js";
import { bytesOf, valueOf } from "../../core/decode.js";
import { metric } from "../../core/format.js";
import { ChartCard } from "../card.js";
import { tabs } from "../controls.js";
import { hasWebGl } from "../plotly.js";
import { dataFacts } from "../run-facts.js";
import { theme, token } from "../theme.js";

const CAMERA = { eye: { x: -1.25, y: -1.6, z: 0.9 }, center: { x: 0, y: 0, z: -0.28 } };

export class SurfaceChart extends ChartCard {
  #output = 0;
  #data = dataFacts(() => this.refresh());

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element, {
      name: "surface",
      title: "Output surface",
      parts: ["surface"],
      empty: "The output will be drawn here in three dimensions as soon as the network is compiled.",
      tall: true,
      library: "space",
    });
  }

  /** @override */
  open() {
    if (hasWebGl()) super.open();
    else
      this.tell("This browser has no WebGL, which a chart in three dimensions needs. The output map shows the same.");
  }

  /** @override @type {ChartCard["watch"]} */
  watch(state, drawn) {
    this.#data.watch(state);
    return super.watch(state, drawn);
  }

  /** @override */
  headKey() {
    return `${this.#outputs().length} ${this.#names()}`;
  }

  /** @override */
  head() {
    const outputs = this.#outputs();
    if (outputs.length < 2) return [];
    const names = this.#names();
    const choices = outputs.map((_, index) => ({ value: String(index), label: names[index] ?? String(index) }));
    const choose = (/** @type {string} */ index) => {
      this.#output = Number(index);
      this.refresh();
    };
    return [tabs("Class", choices, String(this.#shown()), choose)];
  }

  /** @override @returns {Figure | null} */
  figure() {
    const { surface } = this.state;
    const heights = this.#heights();
    if (!surface || !heights) return null;
    const { x_range, y_range } = surface;
    // Axes that stay as they are, because drawing their numbers anew takes longer than drawing the surface.
    const most = roundedUp(Math.max(...heights.map((row) => Math.max(...row.map(Math.abs))), 1e-9));
    const least = heights.every((row) => row.every((height) => height >= 0)) ? 0 : -most;
    // In the middle somewhat darker than a map, so that it can be told from the ground.
    const { neutral, ink } = theme();
    const axis = (/** @type {string} */ title, /** @type {number[]} */ [low = 0, high = 1]) => ({
      title: { text: title },
      range: [low, high],
      tickvals: [low, (low + high) / 2, high],
      color: token("ink-soft"),
      gridcolor: token("line"),
      showbackground: false,
      showspikes: false,
      zeroline: false,
    });
    return {
      data: [
        {
          type: "surface",
          x: steps(x_range, heights[0]?.length ?? 1),
          y: steps(y_range, heights.length),
          z: heights,
          cmin: -most,
          cmax: most,
          colorscale: [
            [0, token("negative")],
            [0.5, `rgb(${mix(neutral, ink, 0.15).join()})`],
            [1, token("positive")],
          ],
          showscale: false,
          hoverinfo: "skip",
          contours: { x: { highlight: false }, y: { highlight: false }, z: { highlight: false } },
        },
      ],
      layout: {
        margin: { l: 0, r: 0, t: 0, b: 0 },
        dragmode: "turntable",
        // The camera stays as it was turned.
        uirevision: "kept",
        scene: {
          camera: CAMERA,
          aspectratio: { x: 1.2, y: 1.2, z: 0.7 },
          xaxis: axis("x₁", x_range),
          yaxis: axis("x₂", y_range),
          zaxis: axis("", [least, most]),
        },
      },
    };
  }

  /** @override */
  summary() {
    const heights = (this.#heights() ?? []).flat();
    if (!heights.length) return this.kind.empty;
    return `The output goes from ${metric("", Math.min(...heights))} to ${metric("", Math.max(...heights))}.`;
  }

  /** @override */
  table() {
    const { surface } = this.state;
    const heights = this.#heights();
    if (!surface || !heights) return super.table();
    const x = steps(surface.x_range, heights[0]?.length ?? 1);
    const y = steps(surface.y_range, heights.length);
    const rows = heights.flatMap((row, at) => row.map((height, index) => [x[index] ?? 0, y[at] ?? 0, height]));
    return { columns: ["x1", "x2", "output"], rows };
  }

  #names() {
    return this.#data.document?.class_names ?? [];
  }

  #outputs() {
    return this.state.surface?.outputs ?? [];
  }

  #shown() {
    return Math.min(this.#output, Math.max(0, this.#outputs().length - 1));
  }

  /** The output by place, the lowest x₂ first. */
  #heights() {
    const packed = this.#outputs()[this.#shown()];
    if (!packed) return null;
    const [rows = 1, columns = 1] = packed.shape;
    const bytes = bytesOf(packed.data);
    const range = packed.range ?? [0, 255];
    return Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => valueOf(bytes[row * columns + column] ?? 0, range)),
    );
  }
}

/**
 * The next of …, 0.1, 0.2, 0.5, 1, 2, 5, 10, …
 *
 * @param {number} value above 0
 */
export function roundedUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value * (1 - 1e-9)) ?? 10) * power;
}

/**
 * @param {[number, number]} range
 * @param {number} count
 */
function steps([low, high], count) {
  return Array.from({ length: count }, (_, index) => low + (index / Math.max(1, count - 1)) * (high - low));
}
