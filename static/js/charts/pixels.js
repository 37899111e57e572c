/** A canvas of exactly as many pixels as what it shows has places; style sheets scale it. */

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
 * @param {number[]} shape height and width
 * @param {(y: number, x: number) => number} pixel at a place, y from the top (core/colour.js says what a pixel is)
 */
export function paintPixels(canvas, [height = 1, width = 1], pixel) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) return;
  const { image, pixels } = bufferOf(context, width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels[y * width + x] = pixel(y, x);
  }
  context.putImageData(image, 0, 0);
}
