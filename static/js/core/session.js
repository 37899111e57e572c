/**
 * The page's one run: who watches what of it, the stream that serves them, and when they draw.
 *
 * A viewer names the parts of a frame that it shows; the stream asks for what all viewers together need. Viewers draw
 * in the next animation frame with the latest state, however many messages came in between.
 *
 * @import { LabState, Message } from "./types.js"
 */
import { INITIAL, PICTURES, reduce } from "./state.js";
import { openStream } from "./stream.js";

/**
 * @typedef {object} Viewer
 * @property {string[]} parts
 * @property {(state: Readonly<LabState>, drawn: Readonly<LabState>) => void} draw gets the state, and the one drawn last
 */

/** So long, in milliseconds, viewers wait for the frame of a change that is on its way. */
const PATIENCE = 120;

class Session {
  /** @type {Readonly<LabState>} */
  state = INITIAL;
  /** How often viewers have drawn a new frame. */
  painted = 0;

  /** @type {Set<Viewer>} */
  #viewers = new Set();
  /** @type {WeakMap<Viewer, Readonly<LabState>>} */
  #drawn = new WeakMap();
  #scheduled = false;
  #touched = false;
  /** Until then only frames of a later revision than this are drawn. */
  #awaited = { revision: -1, until: 0 };
  #open = "";
  #settling = false;
  #close = () => {};

  /** Called when the server knows the run no more. */
  onGone = () => {};

  /**
   * Watches a run from now on.
   *
   * @param {string} run
   */
  watch(run) {
    this.dispatch({ type: "watch", run });
    this.#settle();
  }

  /**
   * Has somebody draw from now on.
   *
   * @param {Viewer} viewer
   * @returns {() => void} ends it
   */
  subscribe(viewer) {
    this.#viewers.add(viewer);
    this.#settle();
    this.#schedule();
    return () => {
      this.#viewers.delete(viewer);
      this.#settle();
    };
  }

  /** @param {Message} message */
  dispatch(message) {
    const next = reduce(this.state, message);
    if (next === this.state) return;
    this.state = next;
    if (message.type === "frame" && this.#awaits(next.revision)) setTimeout(() => this.#schedule(), PATIENCE);
    else this.#schedule();
  }

  /** A change is on its way: what still shows the run before it must not keep its picture waiting. */
  awaitChange() {
    this.#awaited = { revision: this.state.revision, until: performance.now() + PATIENCE };
  }

  /** @param {number} revision */
  #awaits(revision) {
    return revision <= this.#awaited.revision && performance.now() < this.#awaited.until;
  }

  /** Has every viewer draw everything anew: colours or sizes have changed. */
  redraw() {
    this.#drawn = new WeakMap();
    this.#schedule();
  }

  /** Has every viewer look again, though nothing is new: the server has rendered some of what they draw into. */
  touch() {
    this.#touched = true;
    this.#schedule();
  }

  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      const touched = this.#touched;
      this.#scheduled = this.#touched = false;
      const state = this.state;
      for (const viewer of this.#viewers) {
        const drawn = this.#drawn.get(viewer) ?? INITIAL;
        this.#drawn.set(viewer, state);
        if (touched || drawn !== state) viewer.draw(state, drawn);
      }
      this.painted += 1;
    });
  }

  /** Opens the stream that viewers now need, once for all changes of this moment. */
  #settle() {
    if (this.#settling) return;
    this.#settling = true;
    queueMicrotask(() => {
      this.#settling = false;
      const { run } = this.state;
      const parts = [...new Set([...this.#viewers].flatMap((viewer) => viewer.parts))].sort();
      // What nobody watches any more would be out of date when somebody does again.
      this.dispatch({ type: "forget", parts: PICTURES.filter((name) => !parts.includes(name)) });
      const wanted = run && this.#viewers.size ? `${run}?${parts.join(",")}` : "";
      if (wanted === this.#open) return;
      this.#open = wanted;
      this.#close();
      this.#close = wanted
        ? openStream({ runs: [run], parts, tell: (message) => this.dispatch(message), gone: () => this.onGone() })
        : () => {};
    });
  }
}

export const session = new Session();
