/**
 * Pointing at a place of a layer, by pointer or by keys: its value is told, what feeds it is outlined, and a click or Enter
 * opens it.
 *
 * @import { Place } from "../../core/receptive.js"
 */
import { rowLayout } from "../../core/sight.js";
import { hideTip, showTip } from "../tip.js";

/**
 * @typedef {object} Spot a place, and where that is on the page
 * @property {number} layer
 * @property {Place} place
 * @property {HTMLCanvasElement} canvas
 * @property {{x: number, y: number}} at of the canvas
 *
 * @typedef {object} Pointed
 * @property {(layer: number) => number[] | undefined} shapeOf
 * @property {(spot: Spot | null) => void} look called when another place is pointed at, or none
 * @property {(spot: Spot, opener: HTMLElement) => void} open
 * @property {(spot: Spot) => string} words
 */

export class StagePointer {
  #root;
  #pointed;
  /** @type {Spot | null} */
  #spot = null;

  /**
   * @param {HTMLElement} root
   * @param {Pointed} pointed
   */
  constructor(root, pointed) {
    this.#root = root;
    this.#pointed = pointed;
  }

  /** Starts listening. @returns {() => void} ends it */
  connect() {
    const ending = new AbortController();
    const { signal } = ending;
    const root = this.#root;
    const follow = (/** @type {PointerEvent} */ event) =>
      event.pointerType !== "touch" && this.#look(this.#under(event));
    root.addEventListener("pointermove", follow, { signal });
    root.addEventListener("pointerleave", () => this.#look(null), { signal });
    root.addEventListener("click", (event) => this.#clicked(event), { signal });
    root.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    root.addEventListener("focusout", () => this.#look(null), { signal });
    return () => {
      ending.abort();
      this.#look(null);
    };
  }

  /** Tells anew: the network has learnt, or the exact value came. */
  follow() {
    if (!this.#spot) return;
    if (!this.#spot.canvas.isConnected) {
      this.#look(null);
      return;
    }
    const { canvas, at } = this.#spot;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const [x, y] = [left + ((at.x + 1) / canvas.width) * width, top + ((at.y + 1) / canvas.height) * height];
    showTip(this, this.#pointed.words(this.#spot), x, y);
  }

  /** @param {Spot | null} spot */
  #look(spot) {
    const before = this.#spot;
    if (!before && !spot) return;
    if (before && spot && before.canvas === spot.canvas && before.at.x === spot.at.x && before.at.y === spot.at.y)
      return;
    this.#spot = spot;
    this.#pointed.look(spot);
    if (spot) this.follow();
    else hideTip(this);
  }

  /** @param {MouseEvent} event @returns {Spot | null} */
  #under(event) {
    const { target } = event;
    if (!(target instanceof HTMLCanvasElement) || target.dataset.map === undefined) return null;
    const { left, top, width, height } = target.getBoundingClientRect();
    const x = Math.floor(((event.clientX - left) / width) * target.width);
    const y = Math.floor(((event.clientY - top) / height) * target.height);
    return this.#at(target, { x, y });
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{x: number, y: number}} wanted
   * @returns {Spot | null} nothing beyond the last unit of a row
   */
  #at(canvas, wanted) {
    const at = {
      x: Math.min(canvas.width - 1, Math.max(0, wanted.x)),
      y: Math.min(canvas.height - 1, Math.max(0, wanted.y)),
    };
    const layer = Number(canvas.dataset.map);
    const shape = this.#pointed.shapeOf(layer);
    if (!shape) return null;
    if (shape.length > 1) return { layer, canvas, at, place: { channel: Number(canvas.dataset.channel), ...at } };
    const unit = at.y * rowLayout(shape[0] ?? 1).columns + at.x;
    return unit < (shape[0] ?? 0) ? { layer, canvas, at, place: { unit } } : null;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const spot = this.#under(event);
    if (!spot || spot.layer < 0) return;
    this.#look(spot);
    const strip = spot.canvas.closest("[data-layer]");
    if (strip instanceof HTMLElement) this.#pointed.open(spot, strip);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const strip = event.target;
    if (!(strip instanceof HTMLElement) || strip.dataset.layer === undefined) return;
    const canvases = [...strip.querySelectorAll("canvas")];
    const spot = this.#spot && strip.contains(this.#spot.canvas) ? this.#spot : null;
    if (event.key === "Enter" && spot) this.#pointed.open(spot, strip);
    else if (event.key === "Escape" && spot) this.#look(null);
    else if (!this.#move(event.key, canvases, spot)) return;
    event.preventDefault();
  }

  /**
   * Moves by a pixel; beyond the left or right edge of a map the next map follows, and whole maps by Page Up and Page Down.
   *
   * @param {string} key
   * @param {HTMLCanvasElement[]} canvases
   * @param {Spot | null} spot
   * @returns {boolean} whether the key was one that moves
   */
  #move(key, canvases, spot) {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key] ?? [0, 0];
    const jump = { PageUp: -1, PageDown: 1 }[key] ?? 0;
    if (!dx && !dy && !jump) return false;
    const index = spot ? canvases.indexOf(spot.canvas) : 0;
    const canvas = canvases[index];
    if (!canvas) return true;
    const from = spot?.at ?? { x: Math.floor(canvas.width / 2), y: Math.floor(canvas.height / 2) };
    const at = spot ? { x: from.x + dx, y: from.y + dy } : from;
    const beyond = at.x < 0 ? -1 : at.x >= canvas.width ? 1 : jump;
    const next = canvases[index + beyond] ?? canvas;
    if (beyond && next !== canvas && !jump) at.x = beyond > 0 ? 0 : canvas.width - 1;
    next.parentElement?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#look(this.#at(next, at) ?? spot);
    return true;
  }
}
