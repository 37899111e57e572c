/**
 * Maps on a canvas of as many pixels as the map; style sheets scale it. Row 0 of a map is the lowest and drawn last.
 *
 * @import { Boundary, PackedArray } from "../core/types.js"
 */
import { bytesOf } from "../core/decode.js";
import { enlarged } from "../core/sample.js";
import { paintPixels } from "./pixels.js";
import { theme } from "./theme.js";

/** The side of a map that is shown large: that of the output. */
const LARGE = 100;
/** The largest byte. */
const FULL = 255;

/**
 * Draws one map in the diverging colours.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {PackedArray} map
 * @param {boolean} discretise whether only the side of the middle is shown
 */
export function drawMap(canvas, map, discretise) {
  drawBytes(canvas, bytesOf(map.data), map.shape, discretise);
}

/**
 * Draws a small map smoothly in as many pixels as the output has.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {PackedArray} map
 * @param {boolean} discretise
 */
export function drawLarge(canvas, map, discretise) {
  const [height = 1, width = 1] = map.shape;
  drawBytes(canvas, enlarged(bytesOf(map.data), width, height, LARGE), [LARGE, LARGE], discretise);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} bytes
 * @param {number[]} shape
 * @param {boolean} discretise
 */
function drawBytes(canvas, bytes, shape, discretise) {
  const table = theme().diverging;
  const shade = (/** @type {number} */ byte) => (discretise ? (byte > FULL / 2 ? FULL : 0) : byte);
  paintUpwards(canvas, shape, (index) => table[shade(bytes[index] ?? 0)] ?? 0);
}

/**
 * Draws what the network answers over the plane: one output, or the class of several and how sure it is.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Boundary} boundary
 * @param {boolean} discretise whether only the decision is shown
 */
export function drawBoundary(canvas, boundary, discretise) {
  if (boundary.value) {
    drawMap(canvas, boundary.value, discretise);
  } else if (boundary.class && boundary.confidence) {
    const classes = bytesOf(boundary.class.data);
    const confidence = bytesOf(boundary.confidence.data);
    const tables = theme().confidence;
    const sure = (/** @type {number} */ index) => (discretise ? FULL : (confidence[index] ?? 0));
    paintUpwards(canvas, boundary.class.shape, (index) => tables[classes[index] ?? 0]?.[sure(index)] ?? 0);
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} shape
 * @param {(index: number) => number} pixel of a place of the map
 */
function paintUpwards(canvas, [height = 1, width = 1], pixel) {
  paintPixels(canvas, [height, width], (y, x) => pixel((height - 1 - y) * width + x));
}
