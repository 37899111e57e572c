/**
 * Arrays as they travel in frames, turned back into numbers.
 *
 * @import { PackedArray } from "./types.js"
 */

/**
 * The bytes that base64 text stands for.
 *
 * @param {string} text
 * @returns {Uint8Array}
 */
export function bytesOf(text) {
  const native = /** @type {{fromBase64?: (text: string) => Uint8Array}} */ (/** @type {unknown} */ (Uint8Array));
  if (native.fromBase64) return native.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/**
 * The numbers of a float32 array.
 *
 * @param {PackedArray} packed
 * @returns {Float32Array}
 */
export function floatsOf(packed) {
  const bytes = bytesOf(packed.data);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const floats = new Float32Array(bytes.byteLength / 4);
  for (let index = 0; index < floats.length; index++) floats[index] = view.getFloat32(index * 4, true);
  return floats;
}

/**
 * What a byte of a quantised array stands for.
 *
 * @param {number} byte
 * @param {[number, number]} range
 */
export function valueOf(byte, [low, high]) {
  return low + (byte / 255) * (high - low);
}
