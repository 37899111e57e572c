/**
 * What the neurons of each layer answer to the training data, before or after their activation function.
 *
 * @import { Histogram } from "../../core/types.js"
 *
 * @typedef {{pre_activation: Histogram, activation: Histogram}} LayerHistograms
 */
import { tabs } from "../controls.js";
import { HistogramChart } from "../histograms.js";

/** @extends {HistogramChart<LayerHistograms>} */
export class ActivationsChart extends HistogramChart {
  /** @type {"pre_activation" | "activation"} */
  #stage = "activation";

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element, {
      name: "activations",
      title: "Activations",
      parts: ["activation_histograms"],
      empty: "What the neurons of each layer answer will be drawn here as soon as the network is compiled.",
    });
  }

  /** @override */
  layers() {
    return this.state.activation_histograms?.layers ?? null;
  }

  /** @override @param {LayerHistograms} layer */
  histogram(layer) {
    return layer[this.#stage];
  }

  /** @override */
  quantity() {
    return this.#stage === "activation" ? "Activation" : "Pre-activation";
  }

  /** @override */
  head() {
    const stages = [
      { value: "pre_activation", label: "Before" },
      { value: "activation", label: "After" },
    ];
    const choose = (/** @type {string} */ stage) => {
      this.#stage = stage === "activation" ? "activation" : "pre_activation";
      this.refresh();
    };
    return [tabs("Before or after the activation function", stages, this.#stage, choose), ...super.head()];
  }
}
