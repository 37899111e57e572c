/**
 * What the network answers at one place of the plane, exactly: asked of the server for the place under the pointer, or
 * where the arrow keys have moved the cross.
 *
 * @import { PointSet } from "../core/types.js"
 */
import { answerWords } from "../core/answer.js";
import { session } from "../core/session.js";
import { throttled } from "../core/throttle.js";
import { hideTip, showTip } from "./tip.js";

/** At most ten questions a second. */
const ASK_EVERY = 100;
/** How far an arrow key moves the cross, as a part of the side; with Shift, further. */
const STEP = { fine: 0.02, coarse: 0.1 };

/** @typedef {{u: number, v: number}} Spot parts of the side, from the left and from the top */

export class Readout {
  #area;
  #setOf;
  /** Where the cross is. @type {Spot | null} */
  #spot = null;
  /** The last answer, and the place that it is about. @type {{place: string, outputs: number[]} | null} */
  #answer = null;
  #asking = new AbortController();
  #ask = throttled(ASK_EVERY, () => void this.#fetch());

  /** Whether the pointer moves the cross, and the answer is told beside it. */
  telling = true;

  /**
   * @param {HTMLElement} area the plot, which can be focused
   * @param {() => PointSet | null} setOf what is learnt
   */
  constructor(area, setOf) {
    this.#area = area;
    this.#setOf = setOf;
  }

  /** Starts listening. @returns {() => void} ends it */
  connect() {
    const area = this.#area;
    const ending = new AbortController();
    const { signal } = ending;
    const look = (/** @type {PointerEvent} */ event) => this.telling && this.look(spotOf(event, area));
    area.addEventListener("pointermove", (event) => event.pointerType !== "touch" && look(event), { signal });
    area.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && this.look(null), { signal });
    area.addEventListener("click", (event) => look(/** @type {PointerEvent} */ (event)), { signal });
    area.addEventListener("keydown", (event) => this.#press(event), { signal });
    area.addEventListener("blur", () => this.look(null), { signal });
    document.addEventListener("pointerdown", (event) => area.contains(asNode(event.target)) || this.look(null), {
      signal,
    });
    return () => {
      ending.abort();
      this.look(null);
      this.#ask.cancel();
    };
  }

  /** Where the cross is in the plane. @returns {[number, number] | null} */
  get place() {
    const set = this.#setOf();
    return this.#spot && set && placeOf(this.#spot, set);
  }

  /**
   * Moves the cross, or takes it away.
   *
   * @param {Spot | null} spot
   */
  look(spot) {
    this.#spot = spot;
    this.#area.classList.toggle("crossed", spot !== null);
    if (!spot) {
      this.#asking.abort();
      this.#answer = null;
      hideTip(this);
      return;
    }
    this.#area.style.setProperty("--u", spot.u.toFixed(4));
    this.#area.style.setProperty("--v", spot.v.toFixed(4));
    this.follow();
  }

  /** Asks again, because the network has learnt. */
  follow() {
    if (!this.#spot || !this.telling) return;
    this.#tell();
    this.#ask();
  }

  async #fetch() {
    const place = this.place;
    if (!place || session.state.status === "diverged") return;
    this.#asking.abort();
    this.#asking = new AbortController();
    const answer = await fetch(`/api/v1/runs/${session.state.run}/predict`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ inputs: [place] }),
      signal: this.#asking.signal,
    }).catch(() => null);
    const outputs = answer?.ok ? (await answer.json().catch(() => null))?.outputs[0] : null;
    if (!outputs) return;
    this.#answer = { place: place.join(), outputs };
    this.#tell();
  }

  #tell() {
    const [set, place] = [this.#setOf(), this.place];
    if (!this.#spot || !set || !place || !this.telling) return;
    const outputs = this.#answer?.place === place.join() ? this.#answer.outputs : null;
    const [low, high] = session.state.boundary?.value?.range ?? [-1, 1];
    const { left, top, width, height } = this.#area.getBoundingClientRect();
    const words = answerWords(set, place, outputs, (low + high) / 2);
    showTip(this, words, left + this.#spot.u * width, top + this.#spot.v * height);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const step = event.shiftKey ? STEP.coarse : STEP.fine;
    const [du, dv] = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    }[event.key] ?? [0, 0];
    if (!du && !dv) return;
    const { u, v } = this.#spot ?? { u: 0.5, v: 0.5 };
    this.look({ u: clamped(u + du), v: clamped(v + dv) });
    event.preventDefault();
  }
}

/**
 * @param {MouseEvent} event
 * @param {Element} area
 * @returns {Spot}
 */
export function spotOf(event, area) {
  const { left, top, width, height } = area.getBoundingClientRect();
  return { u: clamped((event.clientX - left) / width), v: clamped((event.clientY - top) / height) };
}

/**
 * @param {Spot} spot
 * @param {PointSet} set
 * @returns {[number, number]}
 */
export function placeOf({ u, v }, { domain: [[left, right], [bottom, top]] }) {
  return [left + u * (right - left), top - v * (top - bottom)];
}

/** @param {number} part */
function clamped(part) {
  return Math.max(0, Math.min(1, part));
}

/** @param {EventTarget | null} target */
function asNode(target) {
  return target instanceof Node ? target : null;
}
