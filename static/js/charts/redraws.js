/**
 * The one queue for redrawing charts, so that they never crowd out the frames in which maps and links move.
 *
 * One chart a turn, between animation frames; the one that has waited longest goes first. What a redraw cost decides how
 * long the next one waits, so that all charts together have a bounded share of the main thread.
 */

/** All redraws together may take this share of the time. */
const SHARE = 1 / 8;
/** No chart is redrawn more often than this, in milliseconds. */
const LEAST_WAIT = 100;

/** After a click the page has this long to answer it, in milliseconds. */
const WAY = 250;

/** @typedef {() => void} Redraw */

/**
 * @typedef {object} Clock
 * @property {() => number} now in milliseconds
 * @property {(work: () => void, wait: number) => void} after calls back between two animation frames, after the wait
 */

/** @type {Clock} */
const PAGE_CLOCK = {
  now: () => performance.now(),
  after: (work, wait) => setTimeout(() => requestAnimationFrame(() => setTimeout(work)), wait),
};

export class RedrawQueue {
  /** @type {Clock} */
  #clock;
  /** Who waits, in the order of coming. @type {Set<Redraw>} */
  #waiting = new Set();
  /** When each was last drawn. @type {WeakMap<Redraw, number>} */
  #drawnAt = new WeakMap();
  /** Before this time nobody is drawn. */
  #restUntil = 0;
  #scheduled = false;

  /** @param {Clock} clock */
  constructor(clock = PAGE_CLOCK) {
    this.#clock = clock;
  }

  /**
   * Has a chart redrawn when it is its turn.
   *
   * @param {Redraw} redraw
   */
  request(redraw) {
    this.#waiting.add(redraw);
    this.#schedule();
  }

  /**
   * Has a chart drawn next, because somebody has just opened it, or changed how it looks.
   *
   * @param {Redraw} redraw
   */
  requestAtOnce(redraw) {
    this.#waiting.add(redraw);
    this.#clock.after(() => this.#draw(redraw), 0);
  }

  /** Leaves the main thread to what somebody has just asked for. */
  makeWay() {
    this.#restUntil = Math.max(this.#restUntil, this.#clock.now() + WAY);
  }

  /** @param {Redraw} redraw */
  forget(redraw) {
    this.#waiting.delete(redraw);
  }

  #schedule() {
    if (this.#scheduled || !this.#waiting.size) return;
    this.#scheduled = true;
    const ready = Math.min(...[...this.#waiting].map((redraw) => this.#readyAt(redraw)));
    this.#clock.after(
      () => {
        this.#scheduled = false;
        const now = this.#clock.now();
        const next = [...this.#waiting].find((redraw) => this.#readyAt(redraw) <= now);
        if (next) this.#draw(next);
        this.#schedule();
      },
      Math.max(0, ready - this.#clock.now()),
    );
  }

  /** @param {Redraw} redraw */
  #readyAt(redraw) {
    return Math.max(this.#restUntil, (this.#drawnAt.get(redraw) ?? -Infinity) + LEAST_WAIT);
  }

  /** @param {Redraw} redraw */
  #draw(redraw) {
    if (!this.#waiting.delete(redraw)) return;
    const began = this.#clock.now();
    redraw();
    const ended = this.#clock.now();
    this.#drawnAt.set(redraw, ended);
    this.#restUntil = Math.max(this.#restUntil, ended + (ended - began) * (1 / SHARE - 1));
  }
}

export const redraws = new RedrawQueue();
