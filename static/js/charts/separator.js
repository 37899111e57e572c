/**
 * The lines of a network without hidden layers over the output, each with its normal, which points to where it answers
 * yes; a ring around the sample of the last mistake; and, where no line will do, the point that shows it.
 *
 * @import { Boundary, Place, Separator } from "../core/types.js"
 */

const SVG = "http://www.w3.org/2000/svg";
/** In pixels: the normal, its head, and rings around a mistake and around samples that the certificate names. */
const NORMAL = 26;
const HEAD = 6;
const RING = { mistake: 8, hull: 6, common: 4 };

/**
 * @param {SVGSVGElement} drawing is emptied first
 * @param {Separator | null} separator
 * @param {Boundary} boundary the plane that is drawn
 */
export function drawSeparator(drawing, separator, boundary) {
  const { clientWidth: width, clientHeight: height } = drawing;
  const {
    x_range: [left, right],
    y_range: [bottom, top],
  } = boundary;
  const at = (/** @type {Place} */ [x1, x2]) =>
    /** @type {Place} */ ([((x1 - left) / (right - left)) * width, (1 - (x2 - bottom) / (top - bottom)) * height]);
  if (!separator) {
    if (drawing.childElementCount) drawing.replaceChildren();
    return;
  }
  const lines = separator.lines.flatMap((line) => (line ? lineWithNormal(at(line[0]), at(line[1])) : []));
  drawing.replaceChildren(...certificate(separator, at), ...lines, ...ringAt(separator.mistake, at));
}

/**
 * @param {Place} from
 * @param {Place} to
 */
function lineWithNormal([x1, y1], [x2, y2]) {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [u, v] = [(x2 - x1) / length, (y2 - y1) / length];
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  // Left of the way from one end to the other: pixels count downwards.
  const [tx, ty] = [x + v * NORMAL, y - u * NORMAL];
  const head = [-1, 1].map(
    (side) => `L${tx - v * HEAD + side * u * HEAD},${ty + u * HEAD + side * v * HEAD}M${tx},${ty}`,
  );
  const path = `M${x1},${y1}L${x2},${y2}M${x},${y}L${tx},${ty}${head.join("")}`;
  return [shape("path", { d: path, class: "casing" }), shape("path", { d: path })];
}

/**
 * The samples that make the common point, joined side by side.
 *
 * @param {Separator} separator
 * @param {(place: Place) => Place} at
 */
function certificate({ overlap }, at) {
  if (!overlap) return [];
  const sides = [overlap.inside, overlap.outside].map((side) => side.map(at));
  const polygons = sides.map((side) =>
    shape("polygon", { points: side.map((place) => place.join()).join(" "), class: "hull" }),
  );
  const rings = sides.flat().map(([x, y]) => circle(x, y, RING.hull, "hull"));
  const common = overlap.point ? [circle(...at(overlap.point), RING.common, "common")] : [];
  return [...polygons, ...rings, ...common];
}

/**
 * @param {Place | null} place
 * @param {(place: Place) => Place} at
 */
function ringAt(place, at) {
  if (!place) return [];
  const [x, y] = at(place);
  return [circle(x, y, RING.mistake, "casing"), circle(x, y, RING.mistake, "")];
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {string} name
 */
function circle(x, y, radius, name) {
  return shape("circle", { cx: String(x), cy: String(y), r: String(radius), class: name });
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 */
function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
