/**
 * Charts of how numbers of a layer are distributed: a map of their share by epoch and value, and the latest histogram at
 * its right. What frames bring is recorded for all layers while the chart is open.
 *
 * @import { Histogram } from "../core/types.js"
 * @import { Figure, Kind } from "./card.js"
 */
import { mix } from "../core/colour.js";
import { metric } from "../core/format.js";
import { ChartCard } from "./card.js";
import { tabs } from "./controls.js";
import { MARGIN, axis } from "./layouts.js";
import { layerChoices, layerName } from "./layers.js";
import { Recording } from "./recording.js";
import { theme, token } from "./theme.js";

const MOST_COLUMNS = 120;
const ROWS = 40;
/** Shares below one in a thousand look alike. */
const LEAST_SHARE = 1e-3;

/** @template [Layer=Histogram] what a frame brings of a layer */
export class HistogramChart extends ChartCard {
  /** @type {Recording<Layer[]>} */
  #recording = new Recording(MOST_COLUMNS);
  #layer = 0;
  /** How many layers there are. */
  #layers = 0;

  /**
   * @param {HTMLElement} element
   * @param {Omit<Kind, "tall">} kind
   */
  constructor(element, kind) {
    super(element, { ...kind, tall: true });
  }

  /** What the latest frame brought, layer by layer. @returns {Layer[] | null} */
  layers() {
    return null;
  }

  /**
   * The histogram that is shown of a layer.
   *
   * @param {Layer} layer
   * @returns {Histogram}
   */
  histogram(layer) {
    return /** @type {Histogram} */ (/** @type {unknown} */ (layer));
  }

  /** What is distributed. @returns {string} */
  quantity() {
    return "Value";
  }

  /** @override @type {ChartCard["watch"]} */
  watch(state, drawn) {
    const news = super.watch(state, drawn);
    const layers = news && this.layers();
    if (layers) this.#recording.add(state.origin, state.epoch, layers);
    return news;
  }

  /** @override */
  headKey() {
    return String(this.#layers);
  }

  /** @override */
  head() {
    const choose = (/** @type {string} */ layer) => {
      this.#layer = Number(layer);
      this.refresh();
    };
    return [tabs("Layer", layerChoices(this.#layers), String(this.#shown()), choose)];
  }

  /** @override @returns {Figure | null} */
  figure() {
    const entries = this.#recording.entries();
    const latest = entries.at(-1)?.value;
    this.#layers = latest?.length ?? 0;
    const layer = this.#shown();
    const columns = entries.flatMap(({ epoch, value }) => {
      const recorded = value[layer];
      return recorded ? [{ epoch, histogram: this.histogram(recorded) }] : [];
    });
    const now = columns.at(-1)?.histogram;
    if (!now) return null;
    const { neutral, positive } = theme();
    const low = Math.min(...columns.map(({ histogram }) => histogram.low));
    const high = Math.max(...columns.map(({ histogram }) => histogram.high));
    const epochs = columns.map(({ epoch }) => epoch);
    const [first = 0, last = 0] = [epochs[0], epochs.at(-1)];
    const shares = columns.map(({ histogram }) => rebinned(histogram, low, high, ROWS));
    const rows = Array.from({ length: ROWS }, (_, row) => shares.map((column) => column[row] ?? 0));
    const map = {
      type: "heatmap",
      x: epochs,
      y: middles(low, high, ROWS),
      z: rows.map((row) => row.map((share) => (share ? Math.log10(Math.max(share, LEAST_SHARE)) : null))),
      zmin: Math.log10(LEAST_SHARE),
      zmax: 0,
      colorscale: [
        [0, `rgb(${mix(neutral, positive, 0.15).join()})`],
        [1, token("positive")],
      ],
      showscale: false,
      hoverinfo: "skip",
    };
    const total = sum(now.counts) || 1;
    const top = Math.max(...now.counts) / total;
    // One line with steps in place of as many bars, which take several times as long to draw.
    const bars = {
      mode: "lines",
      line: { shape: "vhv", width: 1, color: token("positive") },
      fill: "tozerox",
      x: now.counts.map((count) => count / total),
      y: middles(now.low, now.high, now.counts.length),
      xaxis: "x2",
      hoverinfo: "skip",
    };
    return {
      data: [map, bars],
      layout: {
        margin: { ...MARGIN, l: 64 },
        xaxis: axis("Epoch", {
          domain: [0, 0.76],
          ...(last > first ? { range: [first, last] } : { range: [first - 0.5, first + 0.5], tickvals: [first] }),
          showgrid: false,
          tickformat: ",d",
        }),
        xaxis2: axis("Share", {
          // Plotly cannot place a title at a distance from a single number.
          title: { text: "Share", font: { size: 11 } },
          domain: [0.8, 1],
          range: [0, top * 1.3],
          tickvals: [top],
          tickformat: ".0%",
        }),
        yaxis: axis(this.quantity(), { range: [low, high] }),
      },
    };
  }

  /** @override */
  summary() {
    const recorded = this.#recording.entries().at(-1)?.value[this.#shown()];
    if (!recorded) return this.kind.empty;
    const histogram = this.histogram(recorded);
    const values = middles(histogram.low, histogram.high, histogram.counts.length);
    const total = sum(histogram.counts) || 1;
    const mean = sum(histogram.counts.map((count, index) => count * (values[index] ?? 0))) / total;
    const [low, high, middle] = [histogram.low, histogram.high, mean].map((value) => metric("", value));
    return `${layerName(this.#shown(), this.#layers)}: ${this.quantity()} from ${low} to ${high}, on average ${middle}.`;
  }

  /** @override */
  table() {
    const bins = Array.from({ length: ROWS }, (_, index) => `count_${index}`);
    const rows = this.#recording.entries().flatMap(({ epoch, value }) =>
      value.map((layer, index) => {
        const { low, high, counts } = this.histogram(layer);
        return [epoch, layerName(index, value.length), low, high, ...counts];
      }),
    );
    return { columns: ["epoch", "layer", "low", "high", ...bins], rows };
  }

  #shown() {
    return Math.min(this.#layer, Math.max(0, this.#layers - 1));
  }
}

/**
 * The shares of a histogram in other bins; what a bin holds is spread evenly over it.
 *
 * @param {Histogram} histogram
 * @param {number} low
 * @param {number} high
 * @param {number} bins
 * @returns {number[]} they add up to 1, if the new bins cover the old ones and anything was counted
 */
export function rebinned({ low: from, high: to, counts }, low, high, bins) {
  const shares = new Array(bins).fill(0);
  const total = sum(counts) || 1;
  const width = (to - from) / counts.length;
  const step = (high - low) / bins;
  for (const [index, count] of counts.entries()) {
    if (!count) continue;
    const [left, right] = [(from + index * width - low) / step, (from + (index + 1) * width - low) / step];
    const first = Math.max(0, Math.floor(left));
    const last = Math.min(bins - 1, Math.ceil(right) - 1);
    for (let bin = first; bin <= last; bin++) {
      const overlap = Math.min(right, bin + 1) - Math.max(left, bin);
      shares[bin] += ((count / total) * Math.max(0, overlap)) / (right - left);
    }
  }
  return shares;
}

/**
 * The middles of equal bins.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} bins
 */
function middles(low, high, bins) {
  return Array.from({ length: bins }, (_, index) => low + ((index + 0.5) / bins) * (high - low));
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
