/**
 * `<nn-transport>`: play, pause, step, reset and speed. htmx sends the commands; this element answers within a frame,
 * before the server does, and follows the server after that.
 *
 * @import { LabState } from "../core/types.js"
 */
import { count } from "../core/format.js";
import { session } from "../core/session.js";

class NnTransport extends HTMLElement {
  /** @type {(() => void)[]} */
  #ends = [];

  connectedCallback() {
    const clicked = (/** @type {MouseEvent} */ event) => this.#clicked(event);
    const changed = (/** @type {Event} */ event) => this.#changed(event);
    this.addEventListener("click", clicked);
    this.addEventListener("change", changed);
    this.#ends = [
      session.subscribe({ parts: [], draw: (state) => this.#draw(state) }),
      () => this.removeEventListener("click", clicked),
      () => this.removeEventListener("change", changed),
    ];
  }

  disconnectedCallback() {
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    // htmx has read the button by now: its listener sits on the button itself.
    if (button?.id === "play") session.dispatch({ type: "intent", playing: button.value === "play" });
    if (button?.id === "step") session.dispatch({ type: "intent", playing: false });
    if (button?.id === "reset") this.#writeEpoch(0);
  }

  /** @param {Event} event */
  #changed(event) {
    if (!(event.target instanceof HTMLInputElement) || event.target.name !== "unit") return;
    this.#writeUnit();
    const menu = this.querySelector("#step-menu");
    if (menu instanceof HTMLElement) menu.hidePopover();
  }

  /** @param {Readonly<LabState>} state */
  #draw(state) {
    const play = this.querySelector("#play");
    if (play instanceof HTMLButtonElement) {
      const value = state.playing ? "pause" : "play";
      if (play.value !== value) {
        play.value = value;
        play.setAttribute("aria-label", state.playing ? "Pause" : "Play");
      }
    }
    this.#writeUnit();
    if (state.revision >= 0) this.#writeEpoch(state.epoch);
  }

  /** The server does not remember what a step is: the visitor's choice stays. */
  #writeUnit() {
    const label = this.querySelector("[data-step-label]");
    const chosen = this.querySelector("[name=unit]:checked");
    const text = chosen instanceof HTMLElement ? (chosen.dataset.label ?? "") : "";
    if (label && text && label.textContent !== text) label.textContent = text;
  }

  /** @param {number} epoch */
  #writeEpoch(epoch) {
    const counter = this.querySelector("#epoch");
    const text = count(epoch);
    if (counter && counter.textContent !== text) counter.textContent = text;
  }
}

customElements.define("nn-transport", NnTransport);
