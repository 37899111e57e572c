/**
 * `<nn-status>`: the state of the run in words, always; and now and then aloud.
 *
 * @import { LabState } from "../core/types.js"
 */
import { session } from "../core/session.js";
import { announcement, statusWords } from "../core/words.js";
import { toast } from "./toasts.js";

/** A screen reader hears of progress this often; of another status at once. */
const ANNOUNCE_EVERY = 10_000;
/** A connection that is lost for a moment only is not worth a word. */
const PATIENCE = 700;

class NnStatus extends HTMLElement {
  #announced = { kind: "", at: 0 };
  #lostAt = 0;
  /** What went wrong in full, for the line in the bar is short. */
  #told = "";
  #untell = () => {};
  /** @type {() => void} */
  #end = () => {};

  connectedCallback() {
    this.#end = session.subscribe({ parts: ["metrics"], draw: (state) => this.#draw(state) });
  }

  disconnectedCallback() {
    this.#end();
  }

  /** @param {Readonly<LabState>} state */
  #draw(state) {
    if (state.connected) {
      this.#lostAt = 0;
    } else {
      this.#lostAt ||= performance.now();
      if (performance.now() - this.#lostAt < PATIENCE) {
        setTimeout(() => session.touch(), PATIENCE);
        return;
      }
    }
    if (state.revision < 0 && state.connected) return;
    const { kind, title, detail, trouble = "" } = statusWords(state);
    this.dataset.status = kind;
    this.title = `${title}. ${detail}`; // where there is no room for all of it
    this.#write(".status-title", title);
    this.#write(".status-detail", detail);
    this.#tellInFull(trouble);
    const now = performance.now();
    const due = kind === "running" && now - this.#announced.at >= ANNOUNCE_EVERY;
    if (kind !== this.#announced.kind || due) {
      this.#announced = { kind, at: now };
      this.#write("[data-announcement]", announcement(state));
    }
  }

  /** @param {string} text nothing once all is well again */
  #tellInFull(text) {
    if (text === this.#told) return;
    this.#untell();
    this.#told = text;
    this.#untell = text ? toast(text, "problem", true) : () => {};
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #write(selector, text) {
    const element = this.querySelector(selector);
    if (element && element.textContent !== text) element.textContent = text;
  }
}

customElements.define("nn-status", NnStatus);
