/**
 * Choosing the picture of the stage: the one before, the next, a wrong one; and what it is in words.
 *
 * @import { Answers, PicturePage } from "../../core/picture-types.js"
 * @import { Sight } from "../../core/sight.js"
 * @import { LabState } from "../../core/types.js"
 */
import { count } from "../../core/format.js";
import { mistakes } from "../../core/judging.js";
import { rest } from "../../core/rest.js";
import { session } from "../../core/session.js";
import { marked, write } from "./dom.js";
import { look } from "./look.js";

/** @type {Record<string, string>} */
const PART_WORDS = { train: "training", validation: "validation", test: "test" };

export class StageChoice {
  #root;
  #which;
  /** @type {Sight | null} */
  #sight = null;
  /** @type {PicturePage | null} */
  #data = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    this.#which = marked(root, "which", HTMLElement);
  }

  /** Starts listening. @returns {() => void} ends it */
  connect() {
    const clicked = (/** @type {MouseEvent} */ event) => {
      const pressed = event.target instanceof Element ? event.target.closest("[data-turn], [data-wrong]") : null;
      if (!(pressed instanceof HTMLElement)) return;
      if (pressed.dataset.turn) this.#turn(Number(pressed.dataset.turn));
      else void this.#wrong();
    };
    this.#root.addEventListener("click", clicked);
    return () => this.#root.removeEventListener("click", clicked);
  }

  /**
   * Says what is waited for, while there is nothing to show.
   *
   * @param {Readonly<LabState>} state
   * @param {Readonly<LabState>} drawn
   */
  see(state, drawn) {
    if (state.origin !== drawn.origin) this.#sight = null;
    if (!this.#sight && state.revision >= 0) write(this.#which, waitWords(state));
  }

  /**
   * @param {Sight} sight
   * @param {PicturePage} data
   */
  show(sight, data) {
    this.#sight = sight;
    this.#data = data;
    write(this.#which, whichWords(sight, data));
  }

  /** @param {number} by */
  #turn(by) {
    const total = Object.values(this.#data?.counts ?? {}).reduce((sum, value) => sum + value, 0);
    if (!total) return;
    const row = this.#sight?.row ?? (by > 0 ? -1 : 0);
    void look((row + by + total) % total);
  }

  async #wrong() {
    const { ok, value, words } = await rest("GET", `/runs/${session.state.run}/answers?part=test`);
    if (!ok) {
      write(this.#which, words);
      return;
    }
    const answers = /** @type {Answers} */ (value);
    const rows = mistakes(answers).map((index) => answers.rows[index] ?? 0);
    const next = rows[(rows.indexOf(this.#sight?.row ?? -1) + 1) % rows.length];
    if (next === undefined) write(this.#which, "Every test picture is answered rightly.");
    else void look(next);
  }
}

/**
 * What the first sight waits for.
 *
 * @param {Readonly<LabState>} state
 */
function waitWords({ status, message }) {
  if (status === "compiling") return message;
  if (status === "failed") return "There is nothing to see: the run has failed.";
  return "The network is compiled and takes its first look at the pictures…";
}

/**
 * @param {Sight} sight
 * @param {PicturePage} data
 */
function whichWords({ row, label, predicted }, { counts, class_names: names }) {
  const name = (/** @type {number} */ index) => names[index] ?? String(index);
  if (row === null || label === null) return `Your drawing, read as ${name(predicted)}`;
  const total = Object.values(counts).reduce((sum, value) => sum + value, 0);
  const verdict = label === predicted ? "rightly" : "wrongly";
  const part = PART_WORDS[partOf(row, counts)] ?? "";
  return `Picture ${count(row + 1)} of ${count(total)} (${part}): ${name(label)}, ${verdict} read as ${name(predicted)}`;
}

/**
 * @param {number} row
 * @param {Record<string, number>} counts
 */
function partOf(row, counts) {
  let end = 0;
  for (const part of Object.keys(PART_WORDS)) {
    end += counts[part] ?? 0;
    if (row < end) return part;
  }
  return "test";
}
