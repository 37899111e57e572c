/**
 * What all ways to judge have in common.
 *
 * @import { Figure } from "../../charts/card.js"
 * @import { Clicked } from "../../charts/pictures/plot.js"
 * @import { Answers, PicturePage } from "../../core/picture-types.js"
 * @import { LabState } from "../../core/types.js"
 *
 * @typedef {object} Host
 * @property {HTMLElement} above what stands above the figure; empty when somebody turns to a view
 * @property {HTMLElement} details what stands below it
 * @property {(words: string) => void} tell
 * @property {() => void} renew draws again: something was chosen, or came
 * @property {() => void} watch asks for other parts of frames
 * @property {boolean} umap whether the server can compute UMAP
 *
 * @typedef {object} JudgeView
 * @property {string} name
 * @property {string} title
 * @property {string[]} parts of a frame
 * @property {() => void} begin called when somebody turns to it
 * @property {(state: Readonly<LabState>, data: PicturePage) => Figure | null} draw the figure, or null where there is none; what
 * stands below it is brought up to date
 * @property {() => string} summary the figure in a sentence
 * @property {(point: Clicked) => void} [clicked]
 */
import { rest } from "../../core/rest.js";
import { session } from "../../core/session.js";
import { throttled } from "../../core/throttle.js";
import { moment } from "./explain.js";

export class JudgeWay {
  /**
   * @param {Host} host
   * @param {{name: string, title: string, parts: string[]}} kind
   */
  constructor(host, { name, title, parts }) {
    this.host = host;
    this.name = name;
    this.title = title;
    this.parts = parts;
  }

  /** Whatever is below the figure is another way's. */
  begin() {
    this.host.details.replaceChildren();
  }

  /** The figure in a sentence. @returns {string} */
  summary() {
    return this.title;
  }
}

/** How often answers to all test pictures are asked for while the network trains. */
const ASK_EVERY = 1500;

/** The network's answers to the test pictures, asked for again when it has learnt. */
export class LatestAnswers {
  #news;
  #asked = "";
  /** @type {Answers | null} */
  answers = null;
  #ask = throttled(ASK_EVERY, () => void this.#fetch());

  /** @param {() => void} news called when they came */
  constructor(news) {
    this.#news = news;
  }

  /** Asks, if the network is another. */
  watch() {
    if (this.#asked !== moment()) this.#ask();
  }

  async #fetch() {
    const now = moment();
    if (this.#asked === now) return;
    this.#asked = now;
    const { ok, value } = await rest("GET", `/runs/${session.state.run}/answers?part=test`);
    if (!ok) return;
    this.answers = /** @type {Answers} */ (value);
    this.#news();
  }
}
