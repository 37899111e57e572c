/**
 * A layer's activation function and its derivative, over the pre-activations that the layer is given right now.
 *
 * @import { Figure } from "../card.js"
 */
import { metricName } from "../../core/format.js";
import { ChartCard } from "../card.js";
import { tabs } from "../controls.js";
import { axis } from "../layouts.js";
import { layerChoices, layerName } from "../layers.js";
import { functionCurves } from "../run-facts.js";
import { token } from "../theme.js";

/** At least this far to both sides. */
const REACH = 4;

export class ActivationFunctionChart extends ChartCard {
  #functions = functionCurves(() => this.refresh());
  #layer = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element, {
      name: "activation_function",
      title: "Activation",
      parts: ["activation_histograms"],
      empty: "The activation function of each layer will be drawn here.",
    });
  }

  /** @override @type {ChartCard["watch"]} */
  watch(state, drawn) {
    this.#functions.watch(state);
    return super.watch(state, drawn);
  }

  /** @override */
  headKey() {
    return String(this.#layers().length);
  }

  /** @override */
  head() {
    const choose = (/** @type {string} */ layer) => {
      this.#layer = Number(layer);
      this.refresh();
    };
    return [tabs("Layer", layerChoices(this.#layers().length), String(this.#shown()), choose)];
  }

  /** @override @returns {Figure | null} */
  figure() {
    const curve = this.#curve();
    if (!curve) return null;
    const histogram = this.state.activation_histograms?.layers[this.#shown()]?.pre_activation;
    const reach = Math.min(10, Math.max(REACH, -(histogram?.low ?? 0), histogram?.high ?? 0));
    const shown = curve.x.map((x, index) => ({ x, index })).filter(({ x }) => Math.abs(x) <= reach + 1e-6);
    const line = (/** @type {number[]} */ y, /** @type {object} */ changes) => ({
      x: shown.map(({ x }) => x),
      y: shown.map(({ index }) => y[index] ?? null),
      mode: "lines",
      ...changes,
    });
    const total = histogram?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
    const width = histogram ? (histogram.high - histogram.low) / histogram.counts.length : 0;
    const behind = histogram && {
      mode: "lines",
      line: { shape: "hvh", width: 0, color: token("line-strong") },
      fill: "tozeroy",
      fillcolor: token("line"),
      x: histogram.counts.map((_, index) => histogram.low + (index + 0.5) * width),
      y: histogram.counts.map((count) => count / (total || 1)),
      name: "Pre-activations",
      yaxis: "y2",
      hoverinfo: "skip",
    };
    return {
      data: [
        ...(behind ? [behind] : []),
        line(curve.derivative, { name: "Derivative", line: { color: token("test"), width: 2, dash: "dash" } }),
        line(curve.value, { name: "Activation", line: { color: token("train"), width: 2 } }),
      ],
      layout: {
        hovermode: "x unified",
        showlegend: true,
        legend: { x: 1, xanchor: "right", y: 0, bgcolor: "rgba(0,0,0,0)", font: { size: 10 } },
        xaxis: axis("Pre-activation", { range: [-reach, reach], zeroline: true, zerolinecolor: token("line-strong") }),
        yaxis: axis("", {
          zeroline: true,
          zerolinecolor: token("line-strong"),
          overlaying: "y2",
          tickmode: "auto",
          hoverformat: ".4~g",
        }),
        yaxis2: { visible: false, fixedrange: true, rangemode: "tozero" },
      },
    };
  }

  /** @override */
  summary() {
    const [layer, layers] = [this.#shown(), this.#layers()];
    const name = metricName(layers[layer] ?? "");
    return `${layerName(layer, layers.length)} has ${name}: solid the function, dashed its derivative.`;
  }

  /** @override */
  table() {
    const { x = [], value = [], derivative = [] } = this.#curve() ?? {};
    return {
      columns: ["pre_activation", "activation", "derivative"],
      rows: x.map((at, index) => [at, value[index] ?? null, derivative[index] ?? null]),
    };
  }

  #layers() {
    return this.#functions.document?.layers ?? [];
  }

  #curve() {
    return this.#functions.document?.activations[this.#layers()[this.#shown()] ?? ""] ?? null;
  }

  #shown() {
    return Math.min(this.#layer, Math.max(0, this.#layers().length - 1));
  }
}
