/**
 * Ways to look at the chosen picture: which of its pixels speak for a class. Asked of the server when chosen, and again when
 * picture or class change, or when the run comes to rest.
 *
 * @import { Attribution } from "../../core/explain-types.js"
 * @import { Sight } from "../../core/sight.js"
 */
import { paintOver } from "../../charts/pictures/canvases.js";
import { bytesOf, valueOf } from "../../core/decode.js";
import { exact } from "../../core/format.js";
import { session } from "../../core/session.js";
import { aboutButton, made, write } from "./dom.js";
import { explain, moment } from "./explain.js";

/** @typedef {{kind: string, title: string, words: string}} Way */

/** @type {Way[]} */
const WAYS = [
  {
    kind: "saliency",
    title: "Saliency",
    words: "How much the answer would change if a pixel became a little brighter: blue up, orange down.",
  },
  {
    kind: "integrated_gradients",
    title: "Integrated gradients",
    words:
      "How much each pixel has added on the way from a black picture to this one; all together are the answer’s change.",
  },
  {
    kind: "grad_cam",
    title: "Grad-CAM",
    words: "Which regions the last maps point at for this class: blue is where it looks.",
  },
  {
    kind: "occlusion",
    title: "Occlusion",
    words: "How much the chance of this class falls when a grey square covers the place: blue is what it needs.",
  },
];

export class StageWays {
  #canvas = made("canvas", "pixels");
  #status = made("p", "note");
  #about = aboutButton();
  #figure = made("div", "way-figure about-line", this.#canvas, this.#status, this.#about);
  #way = made("select", "input");
  #class = made("select", "input");
  #classField = field("for the class", this.#class);
  /** @type {Sight | null} */
  #sight = null;
  /** @type {string[]} */
  #names = [];
  /** What is shown, or asked for. */
  #asked = "";
  #waiting = false;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#way.append(option("", "The picture alone"), ...WAYS.map(({ kind, title }) => option(kind, title)));
    this.#status.setAttribute("role", "status");
    this.#canvas.setAttribute("role", "img");
    for (const select of [this.#way, this.#class]) {
      select.dataset.local = "";
      select.addEventListener("change", () => this.#refresh());
    }
    root.replaceChildren(made("div", "way-choice", field("What mattered", this.#way), this.#classField), this.#figure);
    this.#refresh();
  }

  /**
   * @param {Sight} sight
   * @param {string[]} names of the classes
   */
  follow(sight, names) {
    this.#sight = sight;
    if (names.join() !== this.#names.join()) {
      this.#names = names;
      this.#class.replaceChildren(option("", "it answers"), ...names.map((name, index) => option(String(index), name)));
    }
    this.#refresh();
  }

  #refresh() {
    const way = WAYS.find(({ kind }) => kind === this.#way.value);
    this.#classField.hidden = this.#figure.hidden = !way;
    this.#about.dataset.about = way?.kind;
    if (!way || !this.#sight) {
      this.#asked = "";
      return;
    }
    const rests = session.state.status !== "running";
    const key = `${way.kind}/${this.#class.value}/${this.#sight.row}/${this.#sight.input.bytes.join("")}`;
    const now = `${key}/${moment()}`;
    const same = rests ? this.#asked === now : this.#asked.startsWith(`${key}/`);
    if (!same && !this.#waiting) void this.#ask(way, now, this.#sight);
  }

  /**
   * @param {Way} way
   * @param {string} now
   * @param {Sight} sight
   */
  async #ask(way, now, sight) {
    this.#asked = now;
    this.#waiting = true;
    const compiles = way.kind === "occlusion" ? "" : ", the first time after it has compiled a program for it";
    write(this.#status, `The server works it out${compiles}…`);
    const chosen = this.#class.value;
    const question = { kind: way.kind, class: chosen ? Number(chosen) : undefined };
    const { ok, value, words } = await explain(question, sight);
    this.#waiting = false;
    if (ok) this.#show(way, /** @type {Attribution} */ (value), sight);
    else write(this.#status, words);
    this.#refresh();
  }

  /**
   * @param {Way} way
   * @param {Attribution} attribution
   * @param {Sight} sight
   */
  #show(way, attribution, sight) {
    const { signed, strength, class_index: index, probability, attributed, difference } = attribution;
    const packed = signed ?? strength;
    const values = Array.from(bytesOf(packed.data), (byte) => valueOf(byte, packed.range ?? [0, 1]));
    const limit = Math.max(1e-30, ...values.map(Math.abs));
    const weights = values.map((value) => value / limit);
    paintOver(this.#canvas, sight.input.bytes, sight.input.shape, weights);
    const name = this.#names[index] ?? String(index);
    this.#canvas.setAttribute("aria-label", `${way.title} for ${name}`);
    const chance = probability === null ? "" : ` For ${name}, ${(probability * 100).toFixed(1)} % sure.`;
    const sum =
      attributed === null || difference === null ? "" : ` All pixels: ${exact(attributed)} of ${exact(difference)}.`;
    const none = values.every((value) => value === 0) ? " Here nothing speaks for it." : "";
    write(this.#status, `${way.words}${chance}${sum}${none}`);
  }
}

/**
 * @param {string} value
 * @param {string} text
 */
function option(value, text) {
  const element = made("option", "", text);
  element.value = value;
  return element;
}

/**
 * @param {string} label
 * @param {HTMLSelectElement} select
 */
function field(label, select) {
  return made("label", "field", made("span", "field-label", label), select);
}
