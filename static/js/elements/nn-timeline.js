/**
 * `<nn-timeline>`: a slider over the epochs that the run has passed, with ticks where it is at once, and a button that
 * begins another run where this one stands. htmx sends the epoch that was chosen; this element follows the run.
 *
 * @import { LabState } from "../core/types.js"
 */
import { rest } from "../core/rest.js";
import { session } from "../core/session.js";
import { furthest, whereabouts } from "../core/words.js";
import { toast } from "./toasts.js";

/** So many milliseconds after it was moved, the slider follows the run again. */
const MOVING = 600;

class NnTimeline extends HTMLElement {
  #movedAt = -Infinity;
  /** @type {readonly number[]} */
  #ticks = [];
  /** @type {(() => void)[]} */
  #ends = [];

  connectedCallback() {
    const moved = (/** @type {Event} */ event) => this.#moved(event);
    const clicked = (/** @type {Event} */ event) => void this.#clicked(event);
    this.addEventListener("input", moved);
    this.addEventListener("click", clicked);
    this.#ends = [
      session.subscribe({ parts: [], draw: (state) => this.#draw(state) }),
      () => this.removeEventListener("input", moved),
      () => this.removeEventListener("click", clicked),
    ];
  }

  disconnectedCallback() {
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  get #slider() {
    const slider = this.querySelector("#time-line");
    return slider instanceof HTMLInputElement ? slider : null;
  }

  /** @param {Event} event */
  #moved({ target }) {
    if (target !== this.#slider || !this.#slider) return;
    this.#movedAt = performance.now();
    setTimeout(() => session.touch(), MOVING);
    this.#write({ ...session.state, epoch: this.#slider.valueAsNumber, passed: furthest(session.state) });
  }

  /** @param {Event} event */
  async #clicked({ target }) {
    const button = this.querySelector("#branch");
    if (target !== button || !(button instanceof HTMLButtonElement)) return;
    const { run, step } = session.state;
    button.disabled = true;
    const { ok, value, words } = await rest("POST", `/runs/${run}/branch`, { step });
    button.disabled = false;
    if (ok) location.assign(`/runs/${value.id}`);
    else toast(words, "problem");
  }

  /** @param {Readonly<LabState>} state */
  #draw(state) {
    const slider = this.#slider;
    if (!slider || state.revision < 0) return;
    const end = furthest(state);
    if (slider.max !== String(end)) {
      slider.max = String(end);
      this.querySelector("svg")?.setAttribute("viewBox", `0 0 ${Math.max(1, end)} 1`);
    }
    if (slider.disabled !== (end === 0)) slider.disabled = end === 0;
    if (this.#ticks !== state.keptEpochs) {
      this.#ticks = state.keptEpochs;
      this.querySelector("svg path")?.setAttribute("d", this.#ticks.map((epoch) => `M${epoch} 0V1`).join(""));
    }
    if (slider.matches(":active") || performance.now() - this.#movedAt < MOVING) return;
    if (slider.valueAsNumber !== state.epoch) slider.valueAsNumber = state.epoch;
    this.#write(state);
  }

  /** @param {Readonly<LabState>} state */
  #write(state) {
    const words = this.querySelector("output");
    const text = whereabouts(state);
    if (words && words.textContent !== text) words.textContent = text;
    this.#slider?.setAttribute("aria-valuetext", `epoch ${state.epoch} of ${furthest(state)}`);
    this.toggleAttribute("data-back", state.passed !== null);
  }
}

customElements.define("nn-timeline", NnTimeline);
