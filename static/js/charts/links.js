/** The links of the network as a few SVG paths, and the marks of its biases. Where they lie is told by the caller. */
import { diverging } from "../core/colour.js";
import { BANDS, bandPaths, strokeOf } from "../core/links.js";
import { css } from "./scatter.js";
import { theme } from "./theme.js";

const SVG = "http://www.w3.org/2000/svg";
/** The side of a bias's mark, in pixels, and how much of it lies outside of its neuron. */
export const MARK = 7;
const OUTSIDE = 3;
/** Shades of biases that the eye can tell apart, on either side of nought. */
const SHADES = 12;

/** The links: one path for each band of strength. */
export class LinkPaths {
  /** @type {SVGPathElement[]} */
  #paths;

  /** @param {Element} svg */
  constructor(svg) {
    this.#paths = Array.from({ length: 2 * BANDS }, (_, band) => {
      const { width, opacity } = strokeOf(band);
      return shape("path", {
        class: band < BANDS ? "positive" : "negative",
        "stroke-width": width,
        "stroke-opacity": opacity,
      });
    });
    // Weak ones first, so that strong ones lie above.
    const order = [...this.#paths.keys()].sort((a, b) => (a % BANDS) - (b % BANDS));
    svg.replaceChildren(...order.map((band) => /** @type {SVGPathElement} */ (this.#paths[band])));
  }

  /**
   * @param {Float32Array[]} weights of each layer
   * @param {string[][]} curves of their links, in the same order
   * @param {number} least magnitude that is drawn
   */
  draw(weights, curves, least) {
    for (const [band, path] of bandPaths(weights, curves, least).entries()) this.#paths[band]?.setAttribute("d", path);
  }
}

/** A small square at the foot of each neuron, in the colour of its bias. */
export class BiasMarks {
  #group = shape("g", {});
  /** @type {SVGRectElement[]} */
  #marks = [];

  /** @param {Element} svg */
  constructor(svg) {
    svg.replaceChildren(this.#group);
  }

  /** @param {{left: number, bottom: number}[]} units */
  place(units) {
    if (units.length !== this.#marks.length) {
      this.#marks = units.map(() => shape("rect", { class: "bias", width: MARK, height: MARK, rx: 1.5 }));
      this.#group.replaceChildren(...this.#marks);
    }
    for (const [index, unit] of units.entries()) {
      const { x, y } = markOf(unit);
      const mark = this.#marks[index];
      mark?.setAttribute("x", x.toFixed(1));
      mark?.setAttribute("y", y.toFixed(1));
    }
  }

  /** @param {Float32Array[]} biases of each layer */
  draw(biases) {
    const { negative, neutral, positive } = theme();
    let index = 0;
    for (const layer of biases) {
      for (const bias of layer) {
        const shade = Math.round(Math.max(-1, Math.min(1, bias)) * SHADES) / SHADES;
        const mark = this.#marks[index++];
        const colour = css(diverging(negative, neutral, positive, shade));
        if (mark && mark.getAttribute("fill") !== colour) mark.setAttribute("fill", colour);
      }
    }
  }
}

/**
 * Where the mark of a unit's bias begins.
 *
 * @param {{left: number, bottom: number}} unit
 */
export function markOf({ left, bottom }) {
  return { x: left - OUTSIDE, y: bottom - MARK + OUTSIDE };
}

/**
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElementTagNameMap[Name]}
 */
export function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return /** @type {SVGElementTagNameMap[Name]} */ (element);
}
