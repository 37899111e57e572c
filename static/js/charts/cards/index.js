/**
 * All charts of the dock, by the names that the view has for them (app/web/lab/view.py).
 *
 * @import { ChartCard } from "../card.js"
 */
import { ActivationFunctionChart } from "./activation-function.js";
import { ActivationsChart } from "./activations.js";
import { GradientNormsChart } from "./gradient-norms.js";
import { GradientsChart } from "./gradients.js";
import { LandscapeChart } from "./landscape.js";
import { LossChart } from "./loss.js";
import { LossFunctionChart } from "./loss-function.js";
import { MetricsChart } from "./metrics.js";
import { PredictionsChart } from "./predictions.js";
import { ScheduleChart } from "./schedule.js";
import { SpaceChart } from "./space.js";
import { SurfaceChart } from "./surface.js";
import { WeightsChart } from "./weights.js";

/** @type {Readonly<Record<string, new (element: HTMLElement) => ChartCard>>} */
export const CHARTS = {
  loss: LossChart,
  metrics: MetricsChart,
  weights: WeightsChart,
  activations: ActivationsChart,
  gradients: GradientsChart,
  gradient_norms: GradientNormsChart,
  predictions: PredictionsChart,
  surface: SurfaceChart,
  space: SpaceChart,
  landscape: LandscapeChart,
  activation_function: ActivationFunctionChart,
  loss_function: LossFunctionChart,
  schedule: ScheduleChart,
};
