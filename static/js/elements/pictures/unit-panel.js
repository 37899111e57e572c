/**
 * The panel with the arithmetic of one unit. It stays open while the visitor goes on, follows a run that stands still, and
 * gives the focus back when it is closed.
 *
 * @import { UnitExplanation } from "../../core/explain-types.js"
 * @import { Place } from "../../core/receptive.js"
 * @import { Memory } from "./arithmetic.js"
 */
import { session } from "../../core/session.js";
import { arithmeticOf } from "./arithmetic.js";
import { made, marked, write } from "./dom.js";
import { explain, moment } from "./explain.js";

/**
 * @typedef {object} Asked
 * @property {string} title
 * @property {number} layer
 * @property {Place} place
 * @property {{row: number | null}} of
 * @property {string[]} names of the classes
 * @property {Memory} memory
 */

export class UnitPanel {
  #panel;
  #closed;
  #title;
  #body;
  #status;
  /** @type {Asked | null} */
  #asked = null;
  /** @type {HTMLElement | null} */
  #opener = null;
  /** The moment that is shown, or asked for. */
  #moment = "";
  /** Whether an answer is still to come. */
  #waiting = false;

  /**
   * @param {HTMLElement} panel
   * @param {() => void} closed called when it is closed
   */
  constructor(panel, closed) {
    this.#panel = panel;
    this.#closed = closed;
    this.#title = marked(panel, "title", HTMLElement);
    this.#body = marked(panel, "body", HTMLElement);
    this.#status = marked(panel, "status", HTMLElement);
  }

  /** Starts listening. @returns {() => void} ends it */
  connect() {
    const ending = new AbortController();
    const { signal } = ending;
    const pressed = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape" && this.open) this.close();
    };
    document.addEventListener("keydown", pressed, { signal });
    marked(this.#panel, "close", HTMLElement).addEventListener("click", () => this.close(), { signal });
    return () => {
      ending.abort();
      this.close();
    };
  }

  /**
   * @param {Asked} asked
   * @param {HTMLElement} opener
   */
  show(asked, opener) {
    this.#asked = asked;
    this.#opener = opener;
    write(this.#title, asked.title);
    this.#body.replaceChildren();
    if (!this.#panel.matches(":popover-open")) this.#panel.showPopover();
    this.#title.focus();
    void this.#ask();
  }

  /** Whether it is open. */
  get open() {
    return this.#asked !== null;
  }

  close() {
    this.#asked = null;
    if (!this.#panel.matches(":popover-open")) return;
    this.#panel.hidePopover();
    this.#opener?.focus();
    this.#closed();
  }

  /** Asks again, if the run stands still somewhere else now, or another picture is looked at. @param {{row: number | null}} of */
  follow(of) {
    if (!this.#asked) return;
    const running = session.state.status === "running";
    if (of.row !== this.#asked.of.row) {
      this.#asked = { ...this.#asked, of };
      void this.#ask();
    } else if (!running && moment() !== this.#moment) void this.#ask();
    else if (running) write(this.#status, "It trains on: these numbers stand still, and follow when it pauses.");
  }

  async #ask() {
    const asked = this.#asked;
    if (!asked || this.#waiting) return;
    this.#waiting = true;
    this.#moment = moment();
    write(this.#status, "The server works it out…");
    const { ok, value, words } = await explain({ kind: "unit", layer: asked.layer, ...asked.place }, asked.of);
    this.#waiting = false;
    if (asked !== this.#asked) {
      void this.#ask();
      return;
    }
    write(this.#status, ok ? "" : words);
    if (ok) this.#fill(/** @type {UnitExplanation} */ (value), asked);
  }

  /**
   * @param {UnitExplanation} explanation
   * @param {Asked} asked
   */
  #fill(explanation, { names, memory }) {
    const summary = made("summary", "", "In words");
    const open = this.#body.querySelector("details")?.open ?? false;
    const steps = made("ol", "", ...explanation.terms.map((term) => made("li", "", term)));
    const words = made("details", "unit-words", summary, steps);
    words.open = open;
    const focused = this.#body.contains(document.activeElement);
    this.#body.replaceChildren(...arithmeticOf(explanation, names, memory), words);
    // What had the focus is made anew.
    if (focused) (this.#body.querySelector("input") ?? this.#title).focus();
  }
}
