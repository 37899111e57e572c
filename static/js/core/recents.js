/**
 * What the browser remembers of experiments that were trained: a short list, the latest first. Nothing here touches
 * storage or page.
 *
 * @import { Boundary, PackedArray } from "./types.js"
 */
import { bytesOf } from "./decode.js";

/**
 * @typedef {object} Recent
 * @property {string} address the page's query, without how it is looked at
 * @property {string} title
 * @property {number} at milliseconds since 1970
 * @property {number} epoch
 * @property {number | null} loss
 * @property {Boundary | null} boundary small
 */

export const MOST = 12;
const STEPS = /** @type {const} */ ([
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
]);

/**
 * The list with an experiment in front, which it holds once.
 *
 * @param {Recent[]} list
 * @param {Recent} recent
 */
export function remembered(list, recent) {
  return [recent, ...forgotten(list, recent.address)].slice(0, MOST);
}

/**
 * The list without an experiment.
 *
 * @param {Recent[]} list
 * @param {string} address
 */
export function forgotten(list, address) {
  return list.filter((other) => other.address !== address);
}

/**
 * The list that a text holds; what cannot be read is left out.
 *
 * @param {string | null} text
 * @returns {Recent[]}
 */
export function readRecents(text) {
  try {
    const list = /** @type {unknown} */ (JSON.parse(text ?? "[]"));
    return Array.isArray(list) ? list.filter(isRecent) : [];
  } catch {
    return [];
  }
}

/** @param {unknown} value */
function isRecent(value) {
  const { address, title, at } = /** @type {Partial<Recent>} */ (value ?? {});
  return typeof address === "string" && typeof title === "string" && typeof at === "number";
}

/**
 * A map of fewer pixels, each the nearest of the large one.
 *
 * @param {Boundary} boundary
 * @param {number} side
 * @returns {Boundary}
 */
export function smaller(boundary, side) {
  const shrunk = { ...boundary };
  for (const name of /** @type {const} */ (["value", "class", "confidence"])) {
    const map = boundary[name];
    if (map) shrunk[name] = smallerMap(map, side);
  }
  return shrunk;
}

/**
 * @param {PackedArray} map
 * @param {number} side
 * @returns {PackedArray}
 */
function smallerMap(map, side) {
  const bytes = bytesOf(map.data);
  const [height = 1, width = 1] = map.shape;
  const nearest = (/** @type {number} */ index, /** @type {number} */ size) =>
    Math.round((index * (size - 1)) / (side - 1));
  let text = "";
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      text += String.fromCharCode(bytes[nearest(row, height) * width + nearest(column, width)] ?? 0);
    }
  }
  return { ...map, shape: [side, side], data: btoa(text) };
}

/**
 * How long ago something was, in words.
 *
 * @param {number} milliseconds
 */
export function ago(milliseconds) {
  const seconds = milliseconds / 1000;
  const [unit, size] = STEPS.find(([, size]) => seconds >= size) ?? ["second", 0];
  if (!size) return "just now";
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(-Math.floor(seconds / size), unit);
}
