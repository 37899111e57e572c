/**
 * Maps on a canvas of as many pixels as the map; style sheets scale it. Row 0 of a map is the lowest and drawn last.
 *
 * @import { Boundary, PackedArray } from "../core/types.js"
 */
import { bytesOf } from "../core/decode.js";
import { enlarged } from "../core/sample.js";
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
  paint(canvas, shape, (index) => table[shade(bytes[index] ?? 0)] ?? 0);
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
    paint(canvas, boundary.class.shape, (index) => tables[classes[index] ?? 0]?.[sure(index)] ?? 0);
  }
}

/**
 * Room for the pixels of a map, shared by all maps of a size: a canvas has its own copy once they are put there.
 *
 * @type {Map<string, {image: ImageData, pixels: Uint32Array}>}
 */
const buffers = new Map();

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 */
function bufferOf(context, width, height) {
  const key = `${width}x${height}`;
  const known = buffers.get(key);
  if (known) return known;
  const image = context.createImageData(width, height);
  const buffer = { image, pixels: new Uint32Array(image.data.buffer) };
  buffers.set(key, buffer);
  return buffer;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number[]} shape
 * @param {(index: number) => number} pixel of a place of the map
 */
function paint(canvas, [height = 1, width = 1], pixel) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) return;
  const { image, pixels } = bufferOf(context, width, height);
  for (let row = 0; row < height; row++) {
    const from = row * width;
    const to = (height - 1 - row) * width;
    for (let column = 0; column < width; column++) pixels[to + column] = pixel(from + column);
  }
  context.putImageData(image, 0, 0);
}
