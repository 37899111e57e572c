/**
 * Several runs at once: what is known of each, from one stream for all. Who listens is called in the next animation
 * frame, however many messages came in between.
 *
 * @import { LabState, Message } from "./types.js"
 */
import { INITIAL, reduce } from "./state.js";
import { openStream } from "./stream.js";

/** @typedef {(states: ReadonlyMap<string, Readonly<LabState>>) => void} Listener */

export class Runs {
  /** By id, in the order in which they were named. @type {ReadonlyMap<string, Readonly<LabState>>} */
  states;
  /** @type {Set<Listener>} */
  #listeners = new Set();
  #scheduled = false;

  /** @param {string[]} ids */
  constructor(ids) {
    this.states = new Map(ids.map((run) => [run, reduce(INITIAL, { type: "watch", run })]));
  }

  /**
   * Watches them from now on.
   *
   * @param {string[]} parts of a frame
   * @param {() => void} gone called when the server knows one of them no more
   * @returns {() => void} ends it
   */
  watch(parts, gone) {
    const tell = (/** @type {Message} */ message) => this.dispatch(message);
    return openStream({ runs: [...this.states.keys()], parts, tell, gone });
  }

  /**
   * @param {Message} message
   * @param {string[]} [runs] whom it concerns, where it does not say so itself
   */
  dispatch(message, runs = [...this.states.keys()]) {
    this.states = new Map(
      [...this.states].map(([run, state]) => [run, runs.includes(run) ? reduce(state, message) : state]),
    );
    this.redraw();
  }

  /** @param {Listener} listener */
  listen(listener) {
    this.#listeners.add(listener);
    this.redraw();
  }

  /** Has everybody look again: something is new, or colours have changed. */
  redraw() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      for (const listener of this.#listeners) listener(this.states);
    });
  }
}
