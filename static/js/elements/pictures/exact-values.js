/**
 * The values of layers exactly, as the server has them: asked for when somebody points at one, layer by layer.
 *
 * @import { MapsExplanation } from "../../core/explain-types.js"
 * @import { Place } from "../../core/receptive.js"
 */
import { floatsOf } from "../../core/decode.js";
import { throttled } from "../../core/throttle.js";
import { explain, moment } from "./explain.js";

/** At most three questions a second. */
const ASK_EVERY = 330;

export class ExactValues {
  #news;
  /** What is known, and of what. @type {{key: string, values: Float32Array, shape: number[]} | null} */
  #known = null;
  #asking = "";
  #ask = throttled(ASK_EVERY, (/** @type {number} */ layer, /** @type {{row: number | null}} */ of) => {
    void this.#fetch(layer, of);
  });

  /** @param {() => void} news called when an answer came */
  constructor(news) {
    this.#news = news;
  }

  /**
   * The value of a place, or null while it is asked for.
   *
   * @param {number} layer -1 for the picture
   * @param {Place} place
   * @param {{row: number | null}} of
   */
  at(layer, place, of) {
    const key = keyOf(layer, of);
    if (this.#known?.key !== key) {
      this.#ask(layer, of);
      return null;
    }
    const { values, shape } = this.#known;
    const [, height = 1, width = 1] = shape;
    const index = "unit" in place ? place.unit : (place.channel * height + place.y) * width + place.x;
    return values[index] ?? null;
  }

  stop() {
    this.#ask.cancel();
  }

  /**
   * @param {number} layer
   * @param {{row: number | null}} of
   */
  async #fetch(layer, of) {
    const key = keyOf(layer, of);
    if (key === this.#asking) return;
    this.#asking = key;
    const { ok, value } = await explain({ kind: "maps", layer: Math.max(0, layer) }, of);
    if (this.#asking === key) this.#asking = "";
    if (!ok) return;
    const explanation = /** @type {MapsExplanation} */ (value);
    const packed = layer < 0 ? explanation.input : explanation.layers[0]?.output;
    if (packed) this.#known = { key, values: floatsOf(packed), shape: packed.shape };
    this.#news();
  }
}

/**
 * @param {number} layer
 * @param {{row: number | null}} of
 */
function keyOf(layer, { row }) {
  return `${moment()}/${row}/${layer}`;
}
