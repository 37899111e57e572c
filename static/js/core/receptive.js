/**
 * Which places of a picture feed a place of a layer: arithmetic of kernels, strides, paddings and dilations alone.
 *
 * A place is `{channel, y, x}` in maps and `{unit}` in a row of numbers. A box counts pixels from the upper left corner and
 * may reach beyond the edge, where there is padding.
 *
 * @import { PictureLayer } from "./picture-types.js"
 *
 * @typedef {{channel: number, y: number, x: number} | {unit: number}} Place
 * @typedef {{top: number, left: number, height: number, width: number}} Box
 * @typedef {{channel: number | null, box: Box}} Field in one channel, or in all
 */

/**
 * @param {PictureLayer} layer
 * @returns {{size: number, stride: number, padding: number}[]} the windows through which it looks, the last first
 */
function windowsOf(layer) {
  const { kind, kernel = 3, size = 2, padding = 0, dilation = 1 } = layer;
  switch (kind) {
    case "conv2d":
      return [{ size: dilation * (kernel - 1) + 1, stride: layer.stride ?? 1, padding }];
    case "max_pool":
    case "average_pool":
      return [{ size, stride: layer.stride ?? size, padding: 0 }];
    case "residual":
      return [
        { size: 3, stride: 1, padding: 1 },
        { size: 3, stride: layer.stride ?? 1, padding: 1 },
      ];
    default:
      return [];
  }
}

/** Whether each map of the layer comes of the same map of the one before. @param {PictureLayer} layer */
function keepsChannels({ kind }) {
  return kind !== "conv2d" && kind !== "residual";
}

/** @param {number[]} shape @returns {Box} */
function whole([, height = 1, width = 1]) {
  return { top: 0, left: 0, height, width };
}

/**
 * What feeds a place: for the picture and then each layer before the place the field there; null where all of a row does.
 *
 * @param {PictureLayer[]} layers first to last
 * @param {number[][]} shapes of the picture, then of what each layer makes
 * @param {number} layer of the place
 * @param {Place} place
 * @returns {(Field | null)[]}
 */
export function fieldsOf(layers, shapes, layer, place) {
  /** @type {(Field | null)[]} */
  const fields = [];
  /** @type {Field | null} */
  let field =
    "unit" in place ? null : { channel: place.channel, box: { top: place.y, left: place.x, height: 1, width: 1 } };
  /** The one unit that counts of a row, or null for all. @type {number | null} */
  let unit = "unit" in place ? place.unit : null;
  for (let index = layer; index >= 0; index--) {
    const before = shapes[index] ?? [];
    const kind = layers[index]?.kind ?? "dense";
    const mixes = kind === "dense";
    if (before.length === 1) {
      unit = mixes ? null : unit;
      field = null;
    } else if (!field) {
      field = enteringRow(kind, before, mixes ? null : unit);
    } else {
      field = fieldBefore(/** @type {PictureLayer} */ (layers[index]), field);
    }
    fields.unshift(field);
  }
  return fields;
}

/**
 * The field of a unit in the maps that a row was made of.
 *
 * @param {string} kind of the layer that made the row
 * @param {number[]} shape of the maps
 * @param {number | null} unit
 * @returns {Field}
 */
function enteringRow(kind, shape, unit) {
  const [, height = 1, width = 1] = shape;
  if (unit === null) return { channel: null, box: whole(shape) };
  if (kind === "global_average_pool") return { channel: unit, box: whole(shape) };
  const place = unit % (height * width);
  const [top, left] = [Math.floor(place / width), place % width];
  return { channel: Math.floor(unit / (height * width)), box: { top, left, height: 1, width: 1 } };
}

/**
 * @param {PictureLayer} layer
 * @param {Field} field
 * @returns {Field}
 */
function fieldBefore(layer, { channel, box }) {
  const wider = windowsOf(layer).reduce(
    ({ top, left, height, width }, { size, stride, padding }) => ({
      top: top * stride - padding,
      left: left * stride - padding,
      height: (height - 1) * stride + size,
      width: (width - 1) * stride + size,
    }),
    box,
  );
  return { channel: keepsChannels(layer) ? channel : null, box: wider };
}

/**
 * The part of a box that is within a map.
 *
 * @param {Box} box
 * @param {number[]} shape of the maps
 * @returns {Box}
 */
export function within({ top, left, height, width }, [, rows = 1, columns = 1]) {
  const [upper, first] = [Math.min(Math.max(0, top), rows), Math.min(Math.max(0, left), columns)];
  return {
    top: upper,
    left: first,
    height: Math.max(0, Math.min(rows, top + height) - upper),
    width: Math.max(0, Math.min(columns, left + width) - first),
  };
}
