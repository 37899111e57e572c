/** How the weights of each layer are distributed, over the epochs. */
import { HistogramChart } from "../histograms.js";

export class WeightsChart extends HistogramChart {
  /** @param {HTMLElement} element */
  constructor(element) {
    super(element, {
      name: "weights",
      title: "Weights",
      parts: ["weight_histograms"],
      empty: "The weights of each layer will be drawn here as soon as the network is compiled.",
    });
  }

  /** @override */
  layers() {
    return this.state.weight_histograms?.layers ?? null;
  }

  /** @override */
  quantity() {
    return "Weight";
  }
}
