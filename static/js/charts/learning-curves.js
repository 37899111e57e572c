/**
 * The recorded metrics of a run as curves, one for each part of the data.
 *
 * @import { PointLog } from "../core/types.js"
 * @import { Curve } from "./curves.js"
 */
import { metricName } from "../core/format.js";
import { tabs } from "./controls.js";
import { token } from "./theme.js";

/** How the curve of each part is drawn: by its dashes, too. */
export const PARTS = [
  { part: "train", label: "Training", dash: "solid", dashes: "" },
  { part: "validation", label: "Validation", dash: "dot", dashes: "2 3" },
  { part: "test", label: "Test", dash: "dash", dashes: "6 4" },
];

/** What practitioners call metrics with long names. @type {Record<string, string>} */
const SHORT = { mean_absolute_error: "MAE", root_mean_squared_error: "RMSE" };

/**
 * Buttons of which one is pressed, a metric each.
 *
 * @param {string[]} names
 * @param {string} chosen
 * @param {(name: string) => void} choose
 */
export function metricTabs(names, chosen, choose) {
  const choices = names.map((name) => ({
    value: name,
    label: SHORT[name] ?? metricName(name),
    title: metricName(name),
  }));
  return tabs("Metric", choices, chosen, choose);
}

/**
 * The metrics that a log holds, in its order: its columns are named `train_loss`, `test_accuracy` and so on.
 *
 * @param {string[]} columns
 * @returns {string[]}
 */
export function metricsOf(columns) {
  return columns.filter((name) => name.startsWith("train_")).map((name) => name.slice("train_".length));
}

/**
 * The curves of one metric. A part that has no samples has no loss at any step, and no curve.
 *
 * @param {PointLog} log
 * @param {string} name
 * @returns {Curve[]}
 */
export function learningCurves(log, name) {
  const column = (/** @type {string} */ of) => {
    const index = log.columns.indexOf(of);
    return log.rows.map((row) => row[index] ?? null);
  };
  const epochs = column("epoch").map(Number);
  return PARTS.filter(({ part }) => {
    const index = log.columns.indexOf(`${part}_loss`);
    return log.rows.some((row) => (row[index] ?? null) !== null);
  }).map(({ part, label, dash, dashes }) => ({
    key: part,
    label,
    colour: token(part),
    dash,
    dashes,
    x: epochs,
    y: column(`${part}_${name}`),
  }));
}
