/**
 * The table of compared runs: numbers that follow the runs.
 *
 * @import { LabState } from "../core/types.js"
 */
import { count, metric } from "../core/format.js";
import { write } from "./table.js";

/**
 * Brings a row up to date.
 *
 * @param {HTMLElement} row
 * @param {Readonly<LabState>} state
 */
export function writeRow(row, { status, epoch, metrics }) {
  for (const cell of row.querySelectorAll("[data-cell]")) {
    if (!(cell instanceof HTMLElement)) continue;
    const name = cell.dataset.cell ?? "";
    if (name === "status") write(cell, status.charAt(0).toUpperCase() + status.slice(1));
    else if (name === "epoch") write(cell, count(epoch), epoch);
    else writeMetric(cell, name, metrics);
  }
}

/**
 * @param {HTMLElement} cell
 * @param {string} column such as `train_loss`
 * @param {LabState["metrics"]} metrics
 */
function writeMetric(cell, column, metrics) {
  const [part = "", name = ""] = column.split(/_(.*)/);
  const known = cell.dataset.value ? Number(cell.dataset.value) : null;
  const value = metrics ? (metrics[part]?.[name] ?? null) : known;
  write(cell, metric(name, value), value);
}
