/** How long each layer's gradient is at the last update, over the epochs: vanishing and exploding gradients show here. */
import { CurveChart } from "../curves.js";
import { layerLine, layerName, layerNumber } from "../layers.js";
import { Recording } from "../recording.js";

const MOST_POINTS = 400;

export class GradientNormsChart extends CurveChart {
  /** @type {Recording<number[]>} */
  #recording = new Recording(MOST_POINTS);

  /** @param {HTMLElement} element */
  constructor(element) {
    const kind = {
      name: "gradient_norms",
      title: "Gradient norms",
      parts: ["gradient_norms"],
      empty: "Press play: the length of each layer’s gradient will be drawn here while this chart is open.",
    };
    super(element, kind, { logY: true });
  }

  /** @override @type {CurveChart["watch"]} */
  watch(state, drawn) {
    const norms = state.gradient_norms;
    if (!norms || norms === drawn.gradient_norms) return false;
    // At epoch 0 there was no update yet.
    if (state.epoch) this.#recording.add(state.origin, state.epoch, norms.layers);
    return true;
  }

  /** @override */
  curves() {
    const entries = this.#recording.entries();
    const layers = entries.at(-1)?.value.length ?? 0;
    const epochs = entries.map(({ epoch }) => epoch);
    return Array.from({ length: layers }, (_, index) => ({
      key: String(index),
      label: layerName(index, layers),
      short: layerNumber(index, layers),
      ...layerLine(index, layers),
      x: epochs,
      y: entries.map(({ value }) => value[index] ?? null),
    }));
  }
}
