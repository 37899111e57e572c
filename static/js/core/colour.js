/**
 * Colours as numbers: the diverging scale that data, neurons and weights share, and shades of classes.
 *
 * A colour is `[red, green, blue]`, 0 to 255; a table entry is one little-endian RGBA pixel of an ImageData.
 *
 * @typedef {[number, number, number]} Colour
 */

/**
 * The colour that CSS computed: `rgb(1, 2, 3)`, `rgb(1 2 3 / 0.5)` or `color(srgb 0.1 0.2 0.3)`.
 *
 * @param {string} text
 * @returns {Colour}
 */
export function parseColour(text) {
  const numbers = (text.match(/-?[\d.]+(?:e-?\d+)?/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number);
  const scale = text.startsWith("color(") ? 255 : 1;
  const [red = 0, green = 0, blue = 0] = numbers.map((number) => Math.round(number * scale));
  return [red, green, blue];
}

/**
 * The colour a part of the way from one to the other.
 *
 * @param {Colour} from
 * @param {Colour} to
 * @param {number} part 0 to 1
 * @returns {Colour}
 */
export function mix(from, to, part) {
  return [
    Math.round(from[0] + (to[0] - from[0]) * part),
    Math.round(from[1] + (to[1] - from[1]) * part),
    Math.round(from[2] + (to[2] - from[2]) * part),
  ];
}

/**
 * @param {Colour} colour
 * @returns {number} an opaque pixel
 */
export function pixelOf([red, green, blue]) {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/**
 * The pixel of each byte of a map. Ranges of maps are symmetric, so the middle byte is neutral.
 *
 * @param {Colour} negative
 * @param {Colour} neutral
 * @param {Colour} positive
 * @returns {Uint32Array} 256 pixels
 */
export function divergingTable(negative, neutral, positive) {
  return Uint32Array.from({ length: 256 }, (_, byte) =>
    pixelOf(diverging(negative, neutral, positive, byte / 127.5 - 1)),
  );
}

/**
 * The colour of a value between -1 and 1; what lies beyond has the full colour.
 *
 * @param {Colour} negative
 * @param {Colour} neutral
 * @param {Colour} positive
 * @param {number} value
 * @returns {Colour}
 */
export function diverging(negative, neutral, positive, value) {
  return mix(neutral, value < 0 ? negative : positive, Math.min(1, Math.abs(value)));
}

/**
 * The pixels of each class by confidence: pale where the network is unsure.
 *
 * @param {Colour} neutral
 * @param {Colour[]} classes
 * @returns {Uint32Array[]} for each class 256 pixels
 */
export function classTables(neutral, classes) {
  return classes.map((colour) =>
    Uint32Array.from({ length: 256 }, (_, byte) => pixelOf(mix(neutral, colour, 0.1 + (0.9 * byte) / 255))),
  );
}
