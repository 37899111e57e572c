/**
 * What painting makes of a set of points: pure functions from one set to the next, and to the CSV that the server takes.
 *
 * @import { PointSet } from "./types.js"
 */

/** At most so many classes can be told apart (app/schemas/data.py). */
export const MOST_CLASSES = 8;
/** At most so many points are taken. */
export const MOST_POINTS = 8192;

/** The plane that an empty set is painted on. @type {PointSet["domain"]} */
const PLANE = [
  [-6, 6],
  [-6, 6],
];
/** Coordinates that are painted are as fine as this part of the plane. */
const FINENESS = 1e-4;

/** @typedef {[number, number]} Place x1 and x2 */

/**
 * The set with points more; those that are too many are left out.
 *
 * @param {PointSet} set
 * @param {Place[]} places
 * @param {number} label
 * @returns {PointSet}
 */
export function added(set, places, label) {
  const points = [...set.points];
  for (const [x1, x2] of places.slice(0, MOST_POINTS - points.length)) {
    points.push([rounded(x1, set.domain[0]), rounded(x2, set.domain[1]), label, 0]);
  }
  return { ...set, points };
}

/**
 * The set without the points near a place; the same set where there are none.
 *
 * @param {PointSet} set
 * @param {Place} place
 * @param {number} radius as a part of the plane's side
 * @returns {PointSet}
 */
export function erased(set, place, radius) {
  const points = set.points.filter(([x1, x2]) => distance(set, [x1, x2], place) > radius);
  return points.length === set.points.length ? set : { ...set, points };
}

/**
 * How far two places are apart, as a part of the plane's side.
 *
 * @param {PointSet} set
 * @param {Place} one
 * @param {Place} other
 */
export function distance(set, one, other) {
  return Math.hypot((one[0] - other[0]) / span(set, 0), (one[1] - other[1]) / span(set, 1));
}

/**
 * An empty plane with the same classes.
 *
 * @param {PointSet} set
 * @returns {PointSet}
 */
export function emptied(set) {
  return { ...set, points: [], domain: PLANE, axis_names: ["x1", "x2"] };
}

/**
 * The set with one class more, the last in the order in which the server sorts them: numbers, or else text.
 *
 * @param {PointSet} set
 * @returns {PointSet}
 */
export function withClass(set) {
  const numbers = set.class_names.map(Number);
  const name = numbers.every(Number.isFinite)
    ? String(Math.floor(Math.max(-1, ...numbers)) + 1)
    : `${set.class_names.at(-1)} 2`;
  return { ...set, class_names: [...set.class_names, name] };
}

/**
 * Places strewn about one.
 *
 * @param {PointSet} set
 * @param {Place} place
 * @param {number} radius as a part of the plane's side
 * @param {number} count
 * @param {() => number} [random] 0 to 1
 * @returns {Place[]} those that lie in the plane
 */
export function sprayed(set, place, radius, count, random = Math.random) {
  const places = Array.from({ length: count }, () => {
    const [angle, away] = [2 * Math.PI * random(), radius * Math.sqrt(random())];
    const [x1, x2] = [Math.cos(angle), Math.sin(angle)].map(
      (part, axis) => (place[axis] ?? 0) + part * away * span(set, axis),
    );
    return /** @type {Place} */ ([x1, x2]);
  });
  return places.filter((one) => one.every((value, axis) => within(value, set.domain[axis] ?? [0, 0])));
}

/**
 * The values that can be painted, from −limit to limit: as far as those of the set, in round steps.
 *
 * @param {PointSet} set
 */
export function valueScale(set) {
  const largest = Math.max(1, ...set.points.map(([, , value]) => Math.abs(value)));
  const step = 10 ** Math.floor(Math.log10(largest)) / 20;
  return { limit: Number((Math.ceil(largest / step) * step).toPrecision(6)), step };
}

/**
 * What a set still needs before a network can learn from it; nothing where it can.
 *
 * @param {PointSet} set
 * @param {number} parts into which the points are split
 */
export function missing(set, parts) {
  if (set.task === "classification" && new Set(set.points.map(([, , label]) => label)).size < 2) {
    return set.points.length ? "Add a point of another class" : "Add points of two classes";
  }
  const few = parts - set.points.length;
  return few > 0 ? `Add ${few === 1 ? "another point" : `${few} points`}` : "";
}

/**
 * Whether two sets hold the same points, in whatever order and part.
 *
 * @param {PointSet} one
 * @param {PointSet} other
 */
export function alike(one, other) {
  const text = (/** @type {PointSet} */ { points, class_names: names }) =>
    [names.join(), ...points.map((point) => point.slice(0, 3).join()).sort()].join(";");
  return text(one) === text(other);
}

/**
 * The set as CSV, with a header that says what the labels mean.
 *
 * @param {PointSet} set
 */
export function toCsv(set) {
  const values = set.task === "regression";
  const rows = set.points.map(([x1, x2, label]) => [x1, x2, values ? label : labelText(set.class_names[label] ?? "")]);
  return [[...set.axis_names, values ? "target" : "label"], ...rows].map((row) => row.map(cell).join()).join("\n");
}

/**
 * A class as it stands in a file: `+1` is the number 1.
 *
 * @param {string} name
 */
function labelText(name) {
  return name && Number.isFinite(Number(name)) ? String(Number(name)) : name;
}

/** @param {string | number} value */
function cell(value) {
  const text = String(value);
  return /[",\s]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * @param {PointSet} set
 * @param {number} axis
 */
function span(set, axis) {
  const [low, high] = set.domain[axis] ?? [0, 1];
  return high - low;
}

/**
 * @param {number} value
 * @param {[number, number]} interval
 */
function within(value, [low, high]) {
  return value >= low && value <= high;
}

/**
 * @param {number} value
 * @param {[number, number]} interval of the plane
 */
function rounded(value, [low, high]) {
  const digits = Math.ceil(-Math.log10((high - low) * FINENESS));
  return digits >= 0 ? Number(value.toFixed(Math.min(digits, 100))) : Math.round(value / 10 ** -digits) * 10 ** -digits;
}
