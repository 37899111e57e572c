/** Small tables of numbers, each cell in the diverging colour of its value. */
import { exact } from "../../core/format.js";
import { mix } from "../../core/colour.js";
import { theme } from "../../charts/theme.js";
import { made } from "./dom.js";

/** Cells are paler than maps, so that their numbers can be read. */
const STRENGTH = 0.42;

/**
 * @typedef {object} Grid
 * @property {string} title
 * @property {number} columns
 * @property {ArrayLike<number>} values line by line
 * @property {number} limit the magnitude that has the full colour
 * @property {(index: number) => string} [note] what a cell is beside its number, such as padding
 */

/**
 * @param {Grid} grid
 * @returns {HTMLElement} its cells are in the order of the values
 */
export function numberGrid({ title, columns, values, limit, note }) {
  const lines = Array.from({ length: Math.ceil(values.length / columns) }, (_, line) => {
    const cells = Array.from({ length: columns }, (__, column) => {
      const index = line * columns + column;
      return cell(values[index] ?? 0, limit, note?.(index) ?? "");
    });
    return made("tr", "", ...cells);
  });
  const table = made("table", "number-grid", made("caption", "", title), made("tbody", "", ...lines));
  return table;
}

/**
 * @param {number} value
 * @param {number} limit
 * @param {string} note
 */
function cell(value, limit, note) {
  const { negative, neutral, positive } = theme();
  const share = limit ? Math.min(1, Math.abs(value) / limit) * STRENGTH : 0;
  const element = made("td", note ? "noted" : "", short(value));
  element.style.backgroundColor = `rgb(${mix(neutral, value < 0 ? negative : positive, share).join()})`;
  element.title = [exact(value), note].filter(Boolean).join(", ");
  return element;
}

/**
 * A number in a narrow cell.
 *
 * @param {number} value
 */
export function short(value) {
  const size = Math.abs(value);
  if (size && size < 0.005) return value.toExponential(0).replaceAll("-", "−");
  return (size >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(size < 1 ? 2 : 3)))).replace("-", "−");
}

/** The largest magnitude. @param {ArrayLike<number>} values */
export function largest(values) {
  return Math.max(0, ...Array.from(values, Math.abs));
}
