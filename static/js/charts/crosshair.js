/**
 * The epoch that the pointer is at, shared by all charts over epochs: each shows it with its own values.
 */

/**
 * @typedef {object} Reading what a chart says of an epoch
 * @property {number} place where the epoch is, in pixels from the left of the plot
 * @property {{label: string, colour: string, dashes: string, text: string}[]} lines
 *
 * @typedef {object} Axis what a chart over epochs knows
 * @property {(place: number) => number | null} epochAt null outside of its axes
 * @property {(epoch: number) => Reading | null} read null where it has nothing there
 */
import { count } from "../core/format.js";
import { lineKey } from "./controls.js";

/** Between the line and what is said, in pixels. */
const GAP = 8;

/** @type {number | null} */
let pointed = null;
/** @type {Set<Crosshair>} */
const crosshairs = new Set();

export class Crosshair {
  /** @type {number | null} where the pointer is in this plot, in pixels from its left */
  #pointer = null;
  #line = document.createElement("div");
  #box = document.createElement("div");
  /** @type {(() => void)[]} */
  #ends;

  /**
   * @param {HTMLElement} plot
   * @param {Axis} axis
   */
  constructor(plot, axis) {
    this.plot = plot;
    this.axis = axis;
    this.#line.className = "crosshair";
    this.#box.className = "reading";
    plot.append(this.#line, this.#box);
    const move = (/** @type {PointerEvent} */ event) => {
      this.#pointer = event.clientX - plot.getBoundingClientRect().left;
      this.show();
    };
    const leave = () => {
      this.#pointer = null;
      Crosshair.#point(null);
    };
    plot.addEventListener("pointermove", move);
    plot.addEventListener("pointerdown", move);
    plot.addEventListener("pointerleave", leave);
    crosshairs.add(this);
    this.#ends = [
      () => plot.removeEventListener("pointermove", move),
      () => plot.removeEventListener("pointerdown", move),
      () => plot.removeEventListener("pointerleave", leave),
      () => crosshairs.delete(this),
      () => this.#line.remove(),
      () => this.#box.remove(),
    ];
    this.show();
  }

  /** @param {number | null} epoch */
  static #point(epoch) {
    pointed = epoch;
    for (const crosshair of crosshairs) crosshair.#draw();
  }

  /** Shows the epoch pointed at as the chart now is: another one where its axis has grown under the pointer. */
  show() {
    if (this.#pointer === null) this.#draw();
    else Crosshair.#point(this.axis.epochAt(this.#pointer));
  }

  #draw() {
    const reading = pointed === null ? null : this.axis.read(pointed);
    this.#line.hidden = this.#box.hidden = !reading;
    if (!reading || pointed === null) return;
    this.#line.style.left = `${reading.place}px`;
    const title = document.createElement("strong");
    title.textContent = `Epoch ${count(Math.round(pointed))}`;
    const lines = reading.lines.map(({ label, colour, dashes, text }) => {
      const line = document.createElement("span");
      const value = document.createElement("b");
      value.textContent = text;
      line.append(lineKey(colour, dashes), label, value);
      return line;
    });
    this.#box.replaceChildren(title, ...lines);
    this.#box.classList.toggle("many", lines.length > 4);
    // On the side with more room, and within the plot.
    const [room, width] = [this.plot.clientWidth, this.#box.offsetWidth];
    const left = reading.place < room / 2 ? reading.place + GAP : reading.place - GAP - width;
    this.#box.style.left = `${Math.max(0, Math.min(left, room - width))}px`;
  }

  /** Ends it. */
  close() {
    for (const end of this.#ends) end();
  }
}
