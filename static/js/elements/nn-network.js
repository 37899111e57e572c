/**
 * `<nn-network>`: the live map in every neuron, the links between them and their biases. The server renders the columns;
 * this element finds out where the neurons stand and draws. What the visitor does there is NetworkPointer's affair.
 *
 * @import { Ends } from "../core/links.js"
 * @import { LabState, PackedArray } from "../core/types.js"
 * @import { Unit } from "./network-layout.js"
 */
import { drawMap } from "../charts/heatmap.js";
import { BiasMarks, LinkPaths } from "../charts/links.js";
import { floatsOf } from "../core/decode.js";
import { count } from "../core/format.js";
import { MOST_LINKS, curve, threshold } from "../core/links.js";
import { session } from "../core/session.js";
import { view } from "../core/view.js";
import { columnsOf, endsOf, featuresOf } from "./network-layout.js";
import { NetworkPointer } from "./network-pointer.js";

/**
 * @typedef {object} Layout where everything stands
 * @property {Unit[][]} columns
 * @property {Ends[]} ends
 * @property {string[][]} curves
 */

export class NnNetwork extends HTMLElement {
  /** The present weights and biases of each layer; none while they do not fit what is shown. */
  weights = /** @type {Float32Array[]} */ ([]);
  biases = /** @type {Float32Array[]} */ ([]);
  /** The smallest magnitude of a weight whose link is drawn. */
  least = 0;

  /** The map of each canvas. @type {Map<Element, PackedArray>} */
  #maps = new Map();
  /** What each canvas shows, so that nothing is drawn twice. @type {WeakMap<HTMLCanvasElement, string>} */
  #shown = new WeakMap();
  /** Null when neurons may have moved. @type {Layout | null} */
  #layout = null;
  /** The layout by which parameters were drawn last. @type {Layout | null} */
  #placed = null;
  /** @type {(() => void)[]} */
  #ends = [];

  connectedCallback() {
    const links = new LinkPaths(this.#find("#links"));
    const marks = new BiasMarks(this.#find("#biases"));
    const pointer = new NetworkPointer(this);
    const moved = () => {
      this.#layout = null;
      session.touch();
    };
    const resize = new ResizeObserver(moved);
    resize.observe(this);
    const mutations = new MutationObserver(moved);
    mutations.observe(this, { attributeFilter: ["checked", "data-position", "style"], childList: true, subtree: true });
    this.#ends = [
      session.subscribe({
        parts: ["weights", "inputs", "neurons"],
        draw: (state, drawn) => {
          this.#drawMaps(state, drawn);
          if (state.weights && (state.weights !== drawn.weights || this.#placed !== this.layout)) {
            this.#drawParameters(state.weights.layers, links, marks);
          }
          pointer.follow();
        },
      }),
      pointer.connect(),
      () => resize.disconnect(),
      () => mutations.disconnect(),
    ];
  }

  disconnectedCallback() {
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  /** Where everything stands now. */
  get layout() {
    if (this.#layout) return this.#layout;
    const columns = columnsOf(this);
    const ends = endsOf(columns);
    const curves = ends.map(({ from, to }) => from.flatMap((start) => to.map((end) => curve(start, end))));
    this.#layout = { columns, ends, curves };
    return this.#layout;
  }

  /**
   * The map in a neuron or a feature.
   *
   * @param {Element} canvas
   */
  mapOf(canvas) {
    return this.#maps.get(canvas);
  }

  /**
   * @param {Readonly<LabState>} state
   * @param {Readonly<LabState>} drawn
   */
  #drawMaps(state, drawn) {
    const anew = drawn.revision < 0;
    if (anew) {
      this.#shown = new WeakMap();
      this.#maps.clear();
    }
    const moved = this.#placed !== this.layout;
    if (anew || moved || state.inputs !== drawn.inputs) this.#drawFeatures(state.inputs?.maps ?? []);
    if (moved || state.neurons !== drawn.neurons) this.#drawNeurons(state.neurons?.layers ?? []);
  }

  /** @param {PackedArray[]} maps of the chosen features, in the order of the network's inputs */
  #drawFeatures(maps) {
    for (const canvas of featuresOf(this)) {
      const { position, shape, range, map } = canvas.dataset;
      const own = { shape: numbers(shape), range: pair(range), data: map ?? "" };
      this.#show(canvas, maps[Number(position)] ?? own);
    }
  }

  /** @param {PackedArray[][]} layers */
  #drawNeurons(layers) {
    for (const [index, column] of this.querySelectorAll(".layer").entries()) {
      for (const [unit, canvas] of column.querySelectorAll("canvas").entries()) {
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
    this.#maps.set(canvas, map);
    if (this.#shown.get(canvas) === map.data) return;
    this.#shown.set(canvas, map.data);
    drawMap(canvas, map, view().discretise);
  }

  /**
   * @param {{weight: PackedArray, bias: PackedArray}[]} layers
   * @param {LinkPaths} links
   * @param {BiasMarks} marks
   */
  #drawParameters(layers, links, marks) {
    const { columns, curves } = this.layout;
    const fits =
      layers.length === curves.length &&
      layers.every(({ weight }, index) => weight.shape[0] * weight.shape[1] === curves[index]?.length);
    if (this.#placed !== this.layout) marks.place(columns.slice(1).flat());
    this.#placed = this.layout;
    this.weights = fits ? layers.map(({ weight }) => floatsOf(weight)) : [];
    this.biases = fits ? layers.map(({ bias }) => floatsOf(bias)) : [];
    this.least = threshold(this.weights);
    links.draw(this.weights, curves, this.least);
    marks.draw(this.biases);
    this.#tellHidden(curves.reduce((sum, pieces) => sum + pieces.length, 0));
  }

  /** @param {number} total of links */
  #tellHidden(total) {
    const note = document.getElementById("hidden-links");
    const text = this.least > 0 ? `${count(MOST_LINKS)} strongest of ${count(total)} links` : "";
    if (note && note.textContent !== text) note.textContent = text;
  }

  /** @param {string} selector */
  #find(selector) {
    const element = this.querySelector(selector);
    if (!element) throw new Error(`<nn-network> lacks ${selector}`);
    return element;
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

customElements.define("nn-network", NnNetwork);
