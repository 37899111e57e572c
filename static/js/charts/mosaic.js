/**
 * Pictures in their own colours, or in shades of grey, side by side on one canvas of as many pixels as they have.
 *
 * @import { PackedArray } from "../core/types.js"
 */
import { bytesOf } from "../core/decode.js";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {PackedArray} pictures bytes (pictures, channels, height, width)
 * @param {number} columns
 */
export function drawMosaic(canvas, { data, shape: [count = 0, channels = 1, height = 1, width = 1] }, columns) {
  const bytes = bytesOf(data);
  const length = channels * height * width;
  [canvas.width, canvas.height] = [columns * width, Math.ceil(count / columns) * height];
  for (let index = 0; index < count; index++) {
    const picture = bytes.subarray(index * length, (index + 1) * length);
    const [left, top] = [(index % columns) * width, Math.floor(index / columns) * height];
    drawPicture(canvas, picture, [channels, height, width], left, top);
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} bytes (channels, height, width)
 * @param {number[]} shape
 * @param {number} [left]
 * @param {number} [top]
 */
export function drawPicture(canvas, bytes, [channels = 1, height = 1, width = 1], left = 0, top = 0) {
  const pixels = new ImageData(width, height);
  const plane = channels === 3 ? height * width : 0;
  for (let place = 0; place < height * width; place++) {
    for (const channel of [0, 1, 2]) pixels.data[place * 4 + channel] = bytes[place + channel * plane] ?? 0;
    pixels.data[place * 4 + 3] = 255;
  }
  canvas.getContext("2d")?.putImageData(pixels, left, top);
}
