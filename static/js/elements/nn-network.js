/**
 * `<nn-network>`: the live map in every neuron and the links between them. The server renders the columns; this element
 * finds out where the neurons stand and draws.
 *
 * @import { LabState, PackedArray } from "../core/types.js"
 */
import { drawMap } from "../charts/heatmap.js";
import { floatsOf } from "../core/decode.js";
import { count } from "../core/format.js";
import { BANDS, MOST_LINKS, bandPaths, curve, strokeOf, threshold } from "../core/links.js";
import { session } from "../core/session.js";

const SVG = "http://www.w3.org/2000/svg";

class NnNetwork extends HTMLElement {
  /** What each canvas shows, so that nothing is drawn twice. @type {WeakMap<HTMLCanvasElement, string>} */
  #shown = new WeakMap();
  /** @type {SVGPathElement[]} */
  #paths = [];
  /** The links of each layer as pieces of paths; null when neurons may have moved. @type {string[][] | null} */
  #curves = null;
  /** @type {(() => void)[]} */
  #ends = [];

  connectedCallback() {
    this.#paths = this.#bands();
    const moved = () => {
      this.#curves = null;
      session.redraw();
    };
    const resize = new ResizeObserver(moved);
    resize.observe(this);
    const mutations = new MutationObserver(moved);
    mutations.observe(this, {
      attributeFilter: ["checked", "data-position", "style"],
      childList: true,
      subtree: true,
    });
    this.#ends = [
      session.subscribe({
        parts: ["weights", "inputs", "neurons"],
        draw: (state, drawn) => this.#draw(state, drawn),
      }),
      () => resize.disconnect(),
      () => mutations.disconnect(),
    ];
  }

  disconnectedCallback() {
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  /**
   * @param {Readonly<LabState>} state
   * @param {Readonly<LabState>} drawn
   */
  #draw(state, drawn) {
    const anew = drawn.revision < 0;
    if (anew) this.#shown = new WeakMap();
    if (anew || state.inputs !== drawn.inputs) this.#drawFeatures(state.inputs?.maps ?? []);
    if (state.neurons !== drawn.neurons) this.#drawNeurons(state.neurons?.layers ?? []);
    if (state.weights && (state.weights !== drawn.weights || !this.#curves)) {
      this.#drawLinks(state.weights.layers.map((layer) => layer.weight));
    }
  }

  /** @param {PackedArray[]} maps of the chosen features, in the order of the network's inputs */
  #drawFeatures(maps) {
    for (const canvas of this.#canvases(".features")) {
      const { position, shape, range, map } = canvas.dataset;
      const own = { shape: numbers(shape), range: pair(range), data: map ?? "" };
      this.#show(canvas, maps[Number(position)] ?? own);
    }
  }

  /** @param {PackedArray[][]} layers */
  #drawNeurons(layers) {
    for (const [index, column] of this.querySelectorAll(".layer").entries()) {
      for (const [unit, canvas] of this.#canvases(column).entries()) {
        const map = layers[index]?.[unit];
        if (map) this.#show(canvas, map);
      }
    }
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {PackedArray} map
   */
  #show(canvas, map) {
    if (this.#shown.get(canvas) === map.data) return;
    this.#shown.set(canvas, map.data);
    drawMap(canvas, map);
  }

  /** @param {PackedArray[]} weights of each layer */
  #drawLinks(weights) {
    this.#curves ??= this.#measure();
    const curves = this.#curves;
    const fits =
      weights.length === curves.length && weights.every(({ shape }, index) => product(shape) === curves[index]?.length);
    if (!fits) {
      for (const path of this.#paths) path.setAttribute("d", "");
      return;
    }
    const layers = weights.map(floatsOf);
    const least = threshold(layers);
    for (const [band, path] of bandPaths(layers, curves, least).entries()) this.#paths[band]?.setAttribute("d", path);
    const note = document.getElementById("hidden-links");
    const total = curves.reduce((sum, pieces) => sum + pieces.length, 0);
    const text = least > 0 ? ` · ${count(MOST_LINKS)} strongest of ${count(total)} links shown` : "";
    if (note && note.textContent !== text) note.textContent = text;
  }

  /** The links of each layer, from where the neurons stand now. @returns {string[][]} */
  #measure() {
    const box = this.getBoundingClientRect();
    const places = (/** @type {Iterable<Element>} */ elements) =>
      Array.from(elements, (element) => {
        const { left, right, top, height } = element.getBoundingClientRect();
        const offset = this.scrollLeft - box.left;
        return { left: left + offset, right: right + offset, y: top - box.top + height / 2 };
      });
    const chosen = this.#canvases(".features").filter((canvas) => Number(canvas.dataset.position) >= 0);
    chosen.sort((a, b) => Number(a.dataset.position) - Number(b.dataset.position));
    const columns = [
      places(chosen),
      ...Array.from(this.querySelectorAll(".layer"), (layer) => places(this.#canvases(layer))),
      places(this.querySelectorAll(".terminal")),
    ];
    return columns
      .slice(1)
      .map((to, index) =>
        (columns[index] ?? []).flatMap((from) =>
          to.map((unit) => curve({ x: from.right, y: from.y }, { x: unit.left, y: unit.y })),
        ),
      );
  }

  /**
   * @param {string | Element} column
   * @returns {HTMLCanvasElement[]}
   */
  #canvases(column) {
    const element = typeof column === "string" ? this.querySelector(column) : column;
    return [...(element?.querySelectorAll("canvas") ?? [])];
  }

  /** One path for each band, weak ones first so that strong ones lie above. */
  #bands() {
    const svg = this.querySelector("#links");
    if (!svg) return [];
    const paths = Array.from({ length: 2 * BANDS }, (_, band) => {
      const path = document.createElementNS(SVG, "path");
      const { width, opacity } = strokeOf(band);
      path.setAttribute("class", band < BANDS ? "positive" : "negative");
      path.setAttribute("stroke-width", String(width));
      path.setAttribute("stroke-opacity", String(opacity));
      return path;
    });
    svg.replaceChildren(
      ...Array.from(paths.keys())
        .sort((a, b) => (a % BANDS) - (b % BANDS))
        .map((band) => /** @type {SVGPathElement} */ (paths[band])),
    );
    return paths;
  }
}

/** @param {string | undefined} text */
function numbers(text) {
  return (text ?? "").split(",").map(Number);
}

/**
 * @param {string | undefined} text
 * @returns {[number, number]}
 */
function pair(text) {
  const [low = -1, high = 1] = numbers(text);
  return [low, high];
}

/** @param {number[]} shape */
function product(shape) {
  return shape.reduce((size, side) => size * side, 1);
}

customElements.define("nn-network", NnNetwork);
