/**
 * What a chart keeps of the frames that came while it was open: at most so many, evenly spread over the epochs.
 *
 * When it is full, every second entry goes and only every second one is taken from then on. The latest is always there.
 *
 * @template Value
 */
export class Recording {
  /** @type {{epoch: number, value: Value}[]} */
  #kept = [];
  /** @type {{epoch: number, value: Value} | null} */
  #latest = null;
  #origin = -1;
  #stride = 1;
  /** How many epochs were offered. */
  #seen = 0;

  /** @param {number} most */
  constructor(most) {
    this.most = most;
  }

  /**
   * Takes what a frame brought. What was of a later epoch, or of another origin, is no longer true and goes.
   *
   * @param {number} origin
   * @param {number} epoch
   * @param {Value} value
   */
  add(origin, epoch, value) {
    if (origin !== this.#origin) this.#clear(origin);
    const stale = this.#latest !== null && this.#latest.epoch >= epoch;
    const before = this.#kept.length;
    if (stale) this.#kept = this.#kept.filter((entry) => entry.epoch < epoch);
    this.#latest = { epoch, value };
    if (this.#kept.length < before) this.#seen = this.#kept.length * this.#stride;
    else if (stale) return;
    if (this.#seen++ % this.#stride) return;
    this.#kept.push(this.#latest);
    if (this.#kept.length >= this.most) {
      this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
      this.#stride *= 2;
    }
  }

  /** In order of their epochs, the latest last. */
  entries() {
    const latest = this.#latest;
    return latest && this.#kept.at(-1) !== latest ? [...this.#kept, latest] : this.#kept;
  }

  /** @param {number} origin */
  #clear(origin) {
    this.#origin = origin;
    this.#kept = [];
    this.#latest = null;
    this.#stride = 1;
    this.#seen = 0;
  }
}
