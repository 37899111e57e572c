/**
 * A kernel on its patch, product by product: three grids, and a slider that says how many products are added up. It plays by
 * itself where motion is allowed.
 *
 * @import { Convolution } from "../../core/explain-types.js"
 * @import { Memory } from "./arithmetic.js"
 */
import { floatsOf } from "../../core/decode.js";
import { exact } from "../../core/format.js";
import { runningSum } from "../../core/running-sum.js";
import { button, made, write } from "./dom.js";
import { largest, numberGrid } from "./number-grid.js";

/** Milliseconds from product to product. */
const BEAT = 160;

export class ProductSteps {
  #arithmetic;
  #shape;
  #memory;
  #terms;
  #grids = made("div", "number-grids");
  #slider = made("input");
  #told = made("p", "step-words");
  #channel = -1;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #play = button("Play", () => this.#toggle());

  /**
   * @param {Convolution} arithmetic
   * @param {Memory} memory
   * @param {number[]} shape of the maps that the patch is of
   */
  constructor(arithmetic, memory, shape) {
    this.#arithmetic = arithmetic;
    this.#shape = shape;
    this.#memory = memory;
    this.#terms = runningSum({
      shape: arithmetic.patch.shape,
      values: floatsOf(arithmetic.patch),
      weights: floatsOf(arithmetic.weights),
      products: floatsOf(arithmetic.products),
    });
    Object.assign(this.#slider, { type: "range", min: "1", max: String(this.#terms.length) });
    this.#slider.value = String(memory.product ?? this.#terms.length);
    this.#slider.setAttribute("aria-label", "Products that are added up");
    this.#slider.addEventListener("input", () => this.#turn());
    this.#play.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const controls = made("div", "step-controls", this.#play, this.#slider);
    this.element = made("div", "product-steps", this.#grids, controls, this.#told);
    this.#show();
  }

  #turn() {
    const at = Number(this.#slider.value);
    this.#memory.product = at === this.#terms.length ? null : at;
    this.#show();
  }

  #toggle() {
    if (this.#timer !== undefined) {
      this.#rest();
      return;
    }
    if (Number(this.#slider.value) === this.#terms.length) this.#slider.value = "1";
    this.#play.textContent = "Pause";
    this.#turn();
    this.#timer = setInterval(() => {
      const at = Number(this.#slider.value);
      if (at >= this.#terms.length || !this.element.isConnected) this.#rest();
      else {
        this.#slider.value = String(at + 1);
        this.#turn();
      }
    }, BEAT);
  }

  #rest() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#play.textContent = "Play";
  }

  #show() {
    const at = Number(this.#slider.value);
    const term = this.#terms[at - 1];
    if (!term) return;
    if (term.channel !== this.#channel) this.#makeGrids(term.channel);
    const within = term.line * (this.#arithmetic.patch.shape[2] ?? 1) + term.column;
    for (const grid of this.#grids.querySelectorAll("tbody")) {
      for (const [index, cell] of [...grid.querySelectorAll("td")].entries()) {
        cell.classList.toggle("current", index === within);
        cell.classList.toggle("added", index < within);
      }
    }
    const told = `${exact(term.value)} × ${exact(term.weight)} = ${exact(term.product)}`;
    const words = `Product ${at} of ${this.#terms.length}: ${told}. Sum so far: ${exact(term.sum)}`;
    write(this.#told, words);
    this.#slider.setAttribute("aria-valuetext", words);
  }

  /** @param {number} channel */
  #makeGrids(channel) {
    this.#channel = channel;
    const { shape } = this.#arithmetic.patch;
    const [channels = 1, lines = 1, columns = 1] = shape;
    const own = this.#terms.slice(channel * lines * columns, (channel + 1) * lines * columns);
    const of = channels > 1 ? `, map ${channel + 1} of ${channels}` : "";
    const grid = (/** @type {string} */ title, /** @type {"value" | "weight" | "product"} */ name, noted = false) =>
      numberGrid({
        title,
        columns,
        values: own.map((term) => term[name]),
        limit: largest(this.#terms.map((term) => term[name])),
        ...(noted ? { note: (index) => this.#padding(own[index]?.line ?? 0, own[index]?.column ?? 0) } : {}),
      });
    const sign = (/** @type {string} */ text) => {
      const element = made("span", "grid-sign", text);
      element.setAttribute("aria-hidden", "true");
      return element;
    };
    this.#grids.replaceChildren(
      grid(`Patch${of}`, "value", true),
      sign("×"),
      grid("Kernel", "weight"),
      sign("="),
      grid("Products", "product"),
    );
  }

  /**
   * Whether a cell of the patch is beyond the edge.
   *
   * @param {number} line
   * @param {number} column
   */
  #padding(line, column) {
    const { rows, columns } = this.#arithmetic;
    const [, height = 1, width = 1] = this.#shape;
    const within = (/** @type {number | undefined} */ at, /** @type {number} */ length) =>
      Number(at) >= 0 && Number(at) < length;
    return within(rows[line], height) && within(columns[column], width) ? "" : "padding";
  }
}
