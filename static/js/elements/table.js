/** Tables whose numbers change and whose rows are put in order by any column. */

/**
 * Brings a cell up to date.
 *
 * @param {HTMLElement} cell
 * @param {string} text
 * @param {number | null} [value] the number by which it is sorted, where the text is not that
 */
export function write(cell, text, value) {
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
  if (!table) return;
  const ascending = header.getAttribute("aria-sort") !== "ascending";
  for (const other of table.querySelectorAll("[aria-sort]")) other.setAttribute("aria-sort", "none");
  header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  keepOrder(table);
}

/**
 * Puts the rows in the order that the table is said to have, if they are not: their numbers may have changed.
 *
 * @param {HTMLTableElement} table
 */
export function keepOrder(table) {
  const header = table.querySelector("[aria-sort=ascending], [aria-sort=descending]");
  const [body] = table.tBodies;
  if (!header || !body) return;
  const ascending = header.getAttribute("aria-sort") === "ascending";
  const column = [...(header.parentElement?.children ?? [])].indexOf(header);
  const rows = [...body.rows];
  const sorted = rows
    .map((row) => ({ row, key: keyOf(row.cells[column]) }))
    .sort((one, other) => compare(one.key, other.key, ascending))
    .map(({ row }) => row);
  if (sorted.every((row, index) => row === rows[index])) return;
  const focused = document.activeElement;
  body.append(...sorted);
  // What is moved loses it.
  if (focused instanceof HTMLElement && body.contains(focused)) focused.focus({ preventScroll: true });
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
