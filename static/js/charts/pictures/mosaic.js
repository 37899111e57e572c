/**
 * Several pictures side by side on one canvas.
 *
 * @import { PackedArray } from "../../core/types.js"
 */
import { bytesOf } from "../../core/decode.js";
import { paintPicture } from "./canvases.js";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {PackedArray} pictures bytes (pictures, channels, height, width)
 * @param {number} columns
 */
export function paintMosaic(canvas, { data, shape: [count = 0, channels = 1, height = 1, width = 1] }, columns) {
  const bytes = bytesOf(data);
  const [lines, wide] = [Math.ceil(count / columns) * height, columns * width];
  const whole = new Uint8Array(channels * lines * wide);
  for (let line = 0; line < count * channels * height; line++) {
    const [index, channel, y] = [
      Math.floor(line / (channels * height)),
      Math.floor(line / height) % channels,
      line % height,
    ];
    const top = Math.floor(index / columns) * height + y;
    const place = (channel * lines + top) * wide + (index % columns) * width;
    whole.set(bytes.subarray(line * width, (line + 1) * width), place);
  }
  paintPicture(canvas, whole, [channels, lines, wide]);
}
