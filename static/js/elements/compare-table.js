/**
 * The table of compared runs: numbers that follow the runs, and rows that are put in order by any column.
 *
 * @import { LabState } from "../core/types.js"
 */
import { count, metric } from "../core/format.js";

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

/**
 * @param {HTMLElement} cell
 * @param {string} text
 * @param {number | null} [value]
 */
function write(cell, text, value) {
  if (cell.textContent !== text) cell.textContent = text;
  if (value !== undefined) cell.dataset.value = value === null ? "" : String(value);
}

/**
 * Puts the rows in the order of a column, or in the other one where they are in that already.
 *
 * @param {HTMLElement} header of the column
 */
export function sortBy(header) {
  const table = header.closest("table");
  const body = table?.tBodies[0];
  if (!table || !body) return;
  const ascending = header.getAttribute("aria-sort") !== "ascending";
  for (const other of table.querySelectorAll("[aria-sort]")) other.setAttribute("aria-sort", "none");
  header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const column = [...(header.parentElement?.children ?? [])].indexOf(header);
  const rows = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[column]) }));
  rows.sort((one, other) => compare(one.key, other.key, ascending));
  body.append(...rows.map(({ row }) => row));
}

/**
 * @param {HTMLElement | undefined} cell
 * @returns {number | string | null}
 */
function keyOf(cell) {
  const text = cell?.dataset.value ?? cell?.textContent?.trim() ?? "";
  if (text === "" || text === "–") return null;
  return Number.isNaN(Number(text)) ? text : Number(text);
}

/**
 * Numbers by size, before words by the alphabet; what is missing comes last in either order.
 *
 * @param {number | string | null} one
 * @param {number | string | null} other
 * @param {boolean} ascending
 */
export function compare(one, other, ascending) {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  const words = new Intl.Collator("en", { numeric: true });
  const order =
    typeof one === "number" && typeof other === "number" ? one - other : words.compare(String(one), String(other));
  return ascending ? order : -order;
}
