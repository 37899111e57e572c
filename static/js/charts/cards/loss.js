/** The loss of training, validation and test data over the epochs. */
import { CurveChart } from "../curves.js";
import { learningCurves } from "../learning-curves.js";

export class LossChart extends CurveChart {
  /** @param {HTMLElement} element */
  constructor(element) {
    super(element, {
      name: "loss",
      title: "Loss",
      parts: ["points"],
      empty: "Press play: the loss will be drawn here, epoch by epoch.",
    });
  }

  /** @override */
  curves() {
    return learningCurves(this.state.points, "loss");
  }
}
