/**
 * The layers of a network for pictures in words.
 *
 * @import { PictureLayer } from "./picture-types.js"
 */
import { count } from "./format.js";

/** As app/schemas/picture_network.py calls them. @type {Record<string, string>} */
const TITLES = {
  conv2d: "Convolution",
  max_pool: "Max pooling",
  average_pool: "Average pooling",
  global_average_pool: "Global average pooling",
  batch_norm: "Batch norm",
  layer_norm: "Layer norm",
  dropout: "Dropout",
  flatten: "Flatten",
  dense: "Dense",
  residual: "Residual block",
};

/** Names that are no words, as app/web/lab/labels.py writes them. @type {Record<string, string>} */
const ABBREVIATIONS = {
  relu: "ReLU",
  leaky_relu: "leaky ReLU",
  elu: "ELU",
  selu: "SELU",
  gelu: "GELU",
  silu: "SiLU",
};

/** @param {PictureLayer | undefined} layer */
export function layerTitle(layer) {
  return TITLES[layer?.kind ?? "dense"] ?? layer?.kind ?? "";
}

/**
 * What else makes a layer what it is: `5 × 5, stride 2, ReLU`.
 *
 * @param {PictureLayer | undefined} layer
 */
export function layerDetail(layer) {
  if (!layer) return "";
  const side = layer.kernel ?? layer.size;
  const told = [
    side ? `${side} × ${side}` : "",
    layer.stride && layer.stride > 1 && layer.stride !== layer.size ? `stride ${layer.stride}` : "",
    layer.padding ? `padding ${layer.padding}` : "",
    layer.dilation && layer.dilation > 1 ? `dilation ${layer.dilation}` : "",
    layer.activation && layer.activation !== "linear" ? activationWords(layer.activation) : "",
  ];
  return told.filter(Boolean).join(", ");
}

/** @param {string} name */
function activationWords(name) {
  return ABBREVIATIONS[name] ?? name.replaceAll("_", " ");
}

/**
 * A shape as people write it: `6 maps of 8 × 8`, `84 numbers`.
 *
 * @param {number[]} shape
 */
export function shapeWords(shape) {
  const [first = 0, height, width] = shape;
  if (shape.length === 1) return `${count(first)} number${first === 1 ? "" : "s"}`;
  return `${first} map${first === 1 ? "" : "s"} of ${height} × ${width}`;
}

/**
 * A place of a layer in words, counted from 1: `map 3, row 5, column 7`.
 *
 * @param {import("./receptive.js").Place} place
 */
export function placeWords(place) {
  if ("unit" in place) return `unit ${place.unit + 1}`;
  return `map ${place.channel + 1}, row ${place.y + 1}, column ${place.x + 1}`;
}
