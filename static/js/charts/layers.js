/** Layers as charts name and tell them apart: hidden layers by number, then the output layer. */
import { mix } from "../core/colour.js";
import { theme } from "./theme.js";

const DASHES = [
  { dash: "solid", dashes: "" },
  { dash: "dash", dashes: "6 4" },
  { dash: "dot", dashes: "2 3" },
];

/**
 * @param {number} index
 * @param {number} layers with the output layer
 */
export function layerName(index, layers) {
  return index === layers - 1 ? "Output" : `Layer ${index + 1}`;
}

/**
 * The same where there is little room.
 *
 * @param {number} index
 * @param {number} layers with the output layer
 */
export function layerNumber(index, layers) {
  return index === layers - 1 ? "Output" : String(index + 1);
}

/**
 * A button for each layer.
 *
 * @param {number} layers with the output layer
 */
export function layerChoices(layers) {
  return Array.from({ length: layers }, (_, index) => ({
    value: String(index),
    label: layerNumber(index, layers),
  }));
}

/**
 * How the curve of a layer is drawn: from pale to full in the order of layers, dashes in turn.
 *
 * @param {number} index
 * @param {number} layers with the output layer
 */
export function layerLine(index, layers) {
  const { ink, surface, positive } = theme();
  const share = layers === 1 ? 1 : index / (layers - 1);
  const colour = mix(mix(surface, positive, 0.55), mix(positive, ink, 0.5), share);
  return { colour: `rgb(${colour.join()})`, .../** @type {typeof DASHES[0]} */ (DASHES[index % DASHES.length]) };
}
