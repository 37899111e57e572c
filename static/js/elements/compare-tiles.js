/**
 * What each of the compared networks answers over the plane, as small maps with the points of its data.
 *
 * @import { Boundary, LabState, PointSet } from "../core/types.js"
 */
import { lineKey } from "../charts/controls.js";
import { lineOf } from "../charts/compared-curves.js";
import { drawBoundary } from "../charts/heatmap.js";
import { drawPoints } from "../charts/scatter.js";
import { count, metric } from "../core/format.js";

/** The last that there is of these is told. */
const TOLD = ["train", "test"];

export class CompareTile {
  /** What is drawn. @type {Boundary | null} */
  #boundary = null;
  /** What the points were asked for. */
  #origin = -1;
  /** @type {PointSet | null} */
  #points = null;

  /**
   * @param {HTMLElement} element
   * @param {number} index of the run among the others
   */
  constructor(element, index) {
    this.element = element;
    this.index = index;
    this.run = element.dataset.tile ?? "";
    this.dress();
  }

  /** Draws all of it anew: colours or sizes have changed. */
  dress() {
    const { colour, dashes } = lineOf(this.index);
    this.element.querySelector("[data-key]")?.replaceChildren(lineKey(colour, dashes));
    this.#boundary = null;
    this.#drawPoints();
  }

  /** @param {Readonly<LabState>} state */
  draw(state) {
    const [map] = this.element.querySelectorAll("canvas");
    if (map && state.boundary && state.boundary !== this.#boundary) drawBoundary(map, state.boundary, false);
    this.#boundary = state.boundary;
    const words = this.element.querySelector("[data-words]");
    const text = wordsOf(state);
    if (words && words.textContent !== text) words.textContent = text;
    if (state.origin !== this.#origin) {
      this.#origin = state.origin;
      void this.#fetchPoints();
    }
  }

  async #fetchPoints() {
    const origin = this.#origin;
    const answer = await fetch(`/runs/${this.run}/points`).catch(() => null);
    const points = answer?.ok ? await answer.json().catch(() => null) : null;
    if (origin !== this.#origin) return;
    this.#points = points;
    this.#drawPoints();
  }

  #drawPoints() {
    const [, dots] = this.element.querySelectorAll("canvas");
    if (dots && this.#points) drawPoints(dots, this.#points, false);
  }
}

/** @param {Readonly<LabState>} state */
function wordsOf({ status, epoch, metrics }) {
  const part = TOLD.findLast((name) => metrics?.[name]);
  const loss = part ? `, ${part} loss ${metric("loss", metrics?.[part]?.loss)}` : "";
  return status === "running" || epoch ? `Epoch ${count(epoch)}${loss}` : "Not trained yet";
}
