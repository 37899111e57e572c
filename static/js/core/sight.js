/**
 * What a network makes of one picture, ready to be drawn: the same whether a frame brought it or it was asked for.
 *
 * @import { LayerMaps, Maps } from "./picture-types.js"
 */
import { bytesOf, floatsOf } from "./decode.js";

/** At most so many maps of a layer are shown (app/probes/pictures). */
export const MOST_MAPS = 16;

/**
 * @typedef {object} SightLayer
 * @property {number[]} shape (channels, height, width), or (units,)
 * @property {number} shown how many of its maps are there
 * @property {Uint8Array} bytes of these maps, 128 is nothing; none for a row
 * @property {Float32Array} values of a row; none for maps
 *
 * @typedef {object} Sight
 * @property {number | null} row of the data; null for a drawn picture
 * @property {number | null} label the right class; null where nobody knows it
 * @property {number} predicted
 * @property {{shape: number[], bytes: Uint8Array}} input
 * @property {SightLayer[]} layers without the output layer
 * @property {Float32Array} outputs by class; for detection then the box
 * @property {Maps["box"]} box the right one, where one is to be found and is known
 */

/**
 * @param {Maps} maps a frame's
 * @returns {Sight}
 */
export function sightOf({ row, label, predicted, input, layers, outputs, box }) {
  return {
    row,
    label,
    predicted,
    input: { shape: input.shape, bytes: bytesOf(input.data) },
    layers: layers.map(sightLayer),
    outputs: floatsOf(outputs),
    box,
  };
}

/** @param {LayerMaps} layer @returns {SightLayer} */
function sightLayer({ shape, maps, values }) {
  return {
    shape,
    shown: maps?.shape[0] ?? 0,
    bytes: maps ? bytesOf(maps.data) : new Uint8Array(),
    values: values ? floatsOf(values) : new Float32Array(),
  };
}

/**
 * Of a layer's values as they are.
 *
 * @param {number[]} shape
 * @param {Float32Array} values of all its maps, or of its row
 * @returns {SightLayer}
 */
export function exactLayer(shape, values) {
  if (shape.length === 1) return { shape, shown: 0, bytes: new Uint8Array(), values };
  const [channels = 0, height = 0, width = 0] = shape;
  const shown = Math.min(channels, MOST_MAPS);
  const some = values.subarray(0, shown * height * width);
  return { shape, shown, bytes: signedBytes(some), values: new Float32Array() };
}

/**
 * Values as bytes of a range that is the same both ways.
 *
 * @param {ArrayLike<number>} values
 * @returns {Uint8Array}
 */
export function signedBytes(values) {
  let limit = 0;
  for (let index = 0; index < values.length; index++) limit = Math.max(limit, Math.abs(values[index] ?? 0));
  return Uint8Array.from(values, (value) => Math.round(127.5 + (limit ? (value / limit) * 127.5 : 0)));
}

/**
 * How sure the network is of each class, 0 to 1. A single output tells two classes apart, by its own activation from 0 or
 * from -1 on.
 *
 * @param {ArrayLike<number>} outputs
 * @param {number} classes
 * @param {string} activation of the output layer
 * @returns {number[]}
 */
export function sharesOf(outputs, classes, activation) {
  if (outputs.length === 1 && classes === 2) {
    const value = outputs[0] ?? 0;
    const second = clamp(activation === "sigmoid" ? value : (value + 1) / 2);
    return [1 - second, second];
  }
  return Array.from({ length: classes }, (_, index) => clamp(outputs[index] ?? 0));
}

/** @param {number} value */
function clamp(value) {
  return Math.min(1, Math.max(0, value));
}

/**
 * How a row of units is laid out: short rows in large cells, long ones in small cells.
 *
 * @param {number} units
 */
export function rowLayout(units) {
  const [columns, cell] = units <= 64 ? [32, 14] : units <= 256 ? [64, 7] : [112, 4];
  return { columns: Math.min(units, columns), lines: Math.ceil(units / columns), cell };
}
