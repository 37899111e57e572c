/**
 * `<nn-samples>`: some pictures of a part of the data, as the network sees them. A click chooses the picture that is
 * looked into. Boxes are drawn over them where they are to be learnt.
 *
 * @import { LabState, PackedArray } from "../../core/types.js"
 */
import { drawPicture } from "../../charts/mosaic.js";
import { bytesOf } from "../../core/decode.js";
import { rest } from "../../core/rest.js";
import { session } from "../../core/session.js";
import { toast } from "../toasts.js";

/** So many at a time. */
const COUNT = 15;

/**
 * @typedef {object} Page some pictures, as the server tells them
 * @property {[number, number, number]} shape
 * @property {string[]} class_names
 * @property {Record<string, number>} counts
 * @property {number[]} rows
 * @property {number[]} labels
 * @property {[number, number, number, number][] | null} boxes
 * @property {PackedArray} pictures
 */

class NnSamples extends HTMLElement {
  #part = "train";
  #start = 0;
  /** The run, its data and the place in it that is shown. */
  #shown = "";
  #end = () => {};

  connectedCallback() {
    this.addEventListener("click", this.#clicked);
    this.#end = session.subscribe({ parts: [], draw: (state) => this.#follow(state) });
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
    this.#end();
    this.#shown = "";
  }

  /** @param {Readonly<LabState>} state */
  #follow({ run, origin }) {
    const wanted = `${run}/${origin}/${this.#part}/${this.#start}`;
    if (!run || origin < 0 || wanted === this.#shown) return;
    this.#shown = wanted;
    void this.#fetch(run, wanted);
  }

  /**
   * @param {string} run
   * @param {string} wanted
   */
  async #fetch(run, wanted) {
    const query = new URLSearchParams({ part: this.#part, start: String(this.#start), count: String(COUNT) });
    const { ok, value, words } = await rest("GET", `/runs/${run}/pictures?${query}`);
    if (this.#shown !== wanted) return;
    this.#write(ok ? "" : words);
    if (ok) this.#show(value);
  }

  /** @param {Page} page */
  #show(page) {
    const { shape, rows, counts } = page;
    const bytes = bytesOf(page.pictures.data);
    const values = shape[0] * shape[1] * shape[2];
    const buttons = rows.map((row, index) => {
      const button = document.createElement("button");
      const name = page.class_names[page.labels[index] ?? 0] ?? "";
      button.type = "button";
      button.className = "sample";
      button.dataset.row = String(row);
      button.title = button.ariaLabel = `Look into this picture: ${name}`;
      const canvas = document.createElement("canvas");
      [, canvas.height, canvas.width] = shape;
      drawPicture(canvas, bytes.subarray(index * values, (index + 1) * values), shape);
      button.append(canvas);
      const box = page.boxes?.[index];
      if (box) button.append(frame(box));
      return button;
    });
    this.#find("[data-grid]").replaceChildren(...buttons);
    for (const button of this.querySelectorAll("[data-part]")) {
      const { part = "" } = /** @type {HTMLElement} */ (button).dataset;
      button.toggleAttribute("hidden", !counts[part]);
      button.setAttribute("aria-pressed", String(part === this.#part));
    }
    this.#find("[data-more]").hidden = (counts[this.#part] ?? 0) <= COUNT;
    if (rows.length === 0 && this.#start > 0) this.#turnTo(this.#part, 0);
  }

  /** @param {MouseEvent} event */
  #clicked = (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const { part, row, more } = button?.dataset ?? {};
    if (part) this.#turnTo(part, 0);
    if (more !== undefined) this.#turnTo(this.#part, this.#start + COUNT);
    if (row) void look(Number(row));
  };

  /**
   * @param {string} part
   * @param {number} start
   */
  #turnTo(part, start) {
    this.#part = part;
    this.#start = start;
    this.#write("Fetching pictures…");
    this.#follow(session.state);
  }

  /** @param {string} text */
  #write(text) {
    const note = this.#find("[data-note]");
    note.textContent = text;
    note.hidden = text === "";
  }

  /**
   * @param {string} selector
   * @returns {HTMLElement}
   */
  #find(selector) {
    const element = this.querySelector(selector);
    if (!(element instanceof HTMLElement)) throw new Error(`<nn-samples> lacks ${selector}`);
    return element;
  }
}

/** @param {number} row */
async function look(row) {
  const { ok, words } = await rest("POST", `/runs/${session.state.run}/commands`, { type: "look", row });
  if (!ok) toast(words, "problem");
}

/** @param {[number, number, number, number]} box middle, width and height as shares of the side */
function frame([x, y, width, height]) {
  const element = document.createElement("span");
  element.className = "sample-box";
  const percent = (/** @type {number} */ share) => `${(share * 100).toFixed(1)}%`;
  const { style } = element;
  [style.left, style.top] = [percent(x - width / 2), percent(y - height / 2)];
  [style.width, style.height] = [percent(width), percent(height)];
  return element;
}

customElements.define("nn-samples", NnSamples);
