/**
 * Pictures, maps, rows of units and boxes on canvases of as many pixels as there are values, top line first.
 *
 * @import { Colour } from "../../core/colour.js"
 */
import { mix, pixelOf } from "../../core/colour.js";
import { tiled } from "../../core/tiles.js";
import { paintPixels } from "../pixels.js";
import { theme } from "../theme.js";

/**
 * A picture in its own colours, or in shades of grey.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} bytes (channels, height, width)
 * @param {number[]} shape
 */
export function paintPicture(canvas, bytes, [channels = 1, height = 1, width = 1]) {
  const colour = coloursOf(bytes, channels, height * width);
  paintPixels(canvas, [height, width], (y, x) => pixelOf(colour(y * width + x)));
}

/**
 * @param {Uint8Array} bytes
 * @param {number} channels
 * @param {number} plane
 * @returns {(index: number) => Colour}
 */
function coloursOf(bytes, channels, plane) {
  const [green, blue] = channels === 3 ? [plane, 2 * plane] : [0, 0];
  return (index) => [bytes[index] ?? 0, bytes[index + green] ?? 0, bytes[index + blue] ?? 0];
}

/**
 * A map in the diverging colours.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} bytes 128 is nothing
 * @param {number[]} shape height and width
 */
export function paintMap(canvas, bytes, [height = 1, width = 1]) {
  const table = theme().diverging;
  paintPixels(canvas, [height, width], (y, x) => table[bytes[y * width + x] ?? 0] ?? 0);
}

/**
 * A row of units, line by line.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values
 * @param {{columns: number, lines: number}} layout
 */
export function paintUnits(canvas, values, { columns, lines }) {
  const { diverging: table, surface } = theme();
  const limit = Math.max(1e-30, ...Array.from(values, Math.abs));
  const beyond = pixelOf(surface);
  paintPixels(canvas, [lines, columns], (y, x) => {
    const value = values[y * columns + x];
    return value === undefined ? beyond : (table[Math.round(127.5 + (value / limit) * 127.5)] ?? 0);
  });
}

/**
 * A filter: in colour where it sees the three colours of a picture, else a kernel for each map that it sees.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} bytes (channels, kernel, kernel); 128 is nothing
 * @param {number} kernel
 * @param {boolean} coloured
 */
export function paintFilter(canvas, bytes, kernel, coloured) {
  if (coloured) {
    paintPicture(canvas, bytes, [3, kernel, kernel]);
    return;
  }
  const { diverging: table, surface } = theme();
  const { height, width, indexAt } = tiled(bytes.length / kernel ** 2, kernel);
  const between = pixelOf(surface);
  paintPixels(canvas, [height, width], (y, x) => {
    const index = indexAt(y, x);
    return index < 0 ? between : (table[bytes[index] ?? 0] ?? 0);
  });
}

/**
 * A map laid over the picture that it explains: what has no weight is dim and grey, the rest blue or orange.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} picture
 * @param {number[]} shape of the picture
 * @param {ArrayLike<number>} weights -1 to 1, for each place
 */
export function paintOver(canvas, picture, [channels = 1, height = 1, width = 1], weights) {
  const { negative, positive } = theme();
  const colour = coloursOf(picture, channels, height * width);
  paintPixels(canvas, [height, width], (y, x) => {
    const index = y * width + x;
    const weight = weights[index] ?? 0;
    const [red, green, blue] = colour(index);
    const grey = 64 + ((red + green + blue) / 3) * 0.45;
    return pixelOf(mix([grey, grey, grey], weight < 0 ? negative : positive, Math.min(1, Math.abs(weight))));
  });
}

/**
 * A canvas with a picture and what it shows in words.
 *
 * @param {Uint8Array} bytes
 * @param {number[]} shape
 * @param {string} label nothing where the words stand beside it
 */
export function pictureCanvas(bytes, shape, label = "") {
  const canvas = document.createElement("canvas");
  canvas.className = "pixels";
  if (label) {
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
  } else canvas.setAttribute("aria-hidden", "true");
  paintPicture(canvas, bytes, shape);
  return canvas;
}

/**
 * A frame over a part of a picture, for whatever holds it in place.
 *
 * @param {{left: number, top: number, width: number, height: number}} box shares of the side
 * @param {string} kind what its looks say of it
 */
export function frameOver({ left, top, width, height }, kind) {
  const frame = document.createElement("span");
  frame.className = `frame-over frame-${kind}`;
  frame.setAttribute("aria-hidden", "true");
  for (const [name, value] of Object.entries({ left, top, width, height })) {
    frame.style.setProperty(name, `${(value * 100).toFixed(2)}%`);
  }
  return frame;
}

/**
 * A box by its upper left corner, from one by its middle.
 *
 * @param {Iterable<number>} box middle x, y, width, height
 */
export function cornered([x = 0, y = 0, width = 0, height = 0]) {
  return { left: x - width / 2, top: y - height / 2, width, height };
}
