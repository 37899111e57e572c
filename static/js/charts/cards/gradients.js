/** How the gradient of each layer's weights is distributed, over the epochs. */
import { HistogramChart } from "../histograms.js";

export class GradientsChart extends HistogramChart {
  /** @param {HTMLElement} element */
  constructor(element) {
    super(element, {
      name: "gradients",
      title: "Gradients",
      parts: ["gradient_histograms"],
      empty: "Press play: the gradient of each layer’s weights will be drawn here.",
    });
  }

  /** @override */
  layers() {
    // At epoch 0 there was no update yet.
    return this.state.epoch ? (this.state.gradient_histograms?.layers ?? null) : null;
  }

  /** @override */
  quantity() {
    return "Gradient";
  }
}
