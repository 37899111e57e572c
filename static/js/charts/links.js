/** The links of the network as a few SVG paths, and the marks of its biases. Where they lie is told by the caller. */
import { diverging } from "../core/colour.js";
import { BANDS, bandPaths, strokeOf } from "../core/links.js";
import { css } from "./scatter.js";
import { theme } from "./theme.js";

const SVG = "http://www.w3.org/2000/svg";
/** The side of a bias's mark: this part of its neuron's, and in pixels no less and no more than this. */
const MARK = { part: 0.22, least: 4, most: 7 };
/** The part of a mark that lies outside of its neuron. */
const OUTSIDE = 0.4;
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

  /** @param {{left: number, right: number, bottom: number}[]} units */
  place(units) {
    if (units.length !== this.#marks.length) {
      this.#marks = units.map(() => shape("rect", { class: "bias", rx: 1.5 }));
      this.#group.replaceChildren(...this.#marks);
    }
    for (const [index, unit] of units.entries()) {
      const { x, y, side } = markOf(unit);
      const place = { x, y, width: side, height: side };
      for (const [name, value] of Object.entries(place)) this.#marks[index]?.setAttribute(name, value.toFixed(1));
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
 * Where the mark of a unit's bias begins, and how large it is.
 *
 * @param {{left: number, right: number, bottom: number}} unit
 */
export function markOf({ left, right, bottom }) {
  const side = Math.max(MARK.least, Math.min(MARK.most, (right - left) * MARK.part));
  return { x: left - side * OUTSIDE, y: bottom - side * (1 - OUTSIDE), side };
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
