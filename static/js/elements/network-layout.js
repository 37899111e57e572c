/**
 * Where the units of the network stand, as style sheets have placed them: a column of the chosen features, one of each
 * hidden layer, and the outputs.
 *
 * @import { Ends } from "../core/links.js"
 *
 * @typedef {object} Unit a feature, a neuron or an output; places are in pixels of the network
 * @property {HTMLElement} element
 * @property {string} name
 * @property {number} left
 * @property {number} right
 * @property {number} bottom
 * @property {number} middle
 */

/**
 * The columns of the network, the chosen features in the order of its inputs.
 *
 * @param {HTMLElement} net
 * @returns {Unit[][]}
 */
export function columnsOf(net) {
  const box = net.getBoundingClientRect();
  const units = (/** @type {Iterable<HTMLElement>} */ elements) =>
    Array.from(elements, (element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const offset = net.scrollLeft - box.left;
      return {
        element,
        name: nameOf(element),
        left: left + offset,
        right: right + offset,
        bottom: bottom - box.top,
        middle: (top + bottom) / 2 - box.top,
      };
    });
  const chosen = featuresOf(net).filter((canvas) => Number(canvas.dataset.position) >= 0);
  chosen.sort((a, b) => Number(a.dataset.position) - Number(b.dataset.position));
  return [
    units(chosen),
    ...Array.from(net.querySelectorAll(".layer"), (layer) => units(layer.querySelectorAll("canvas"))),
    units(/** @type {NodeListOf<HTMLElement>} */ (net.querySelectorAll(".terminal"))),
  ];
}

/**
 * The canvases of all features, chosen or not.
 *
 * @param {HTMLElement} net
 */
export function featuresOf(net) {
  return [...net.querySelectorAll("canvas")].filter((canvas) => canvas.closest(".feature"));
}

/**
 * Where the links of each layer begin and end.
 *
 * @param {Unit[][]} columns
 * @returns {Ends[]}
 */
export function endsOf(columns) {
  return columns.slice(1).map((to, index) => ({
    from: (columns[index] ?? []).map((unit) => ({ x: unit.right, y: unit.middle })),
    to: to.map((unit) => ({ x: unit.left, y: unit.middle })),
  }));
}

/**
 * What a feature, a neuron or an output is called.
 *
 * @param {Element} element its canvas, or the circle of an output
 */
export function nameOf(element) {
  const label = element.closest(".feature")?.querySelector(".feature-name")?.textContent;
  return label ?? element.getAttribute("aria-label") ?? "";
}
