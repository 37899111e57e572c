/**
 * `<nn-samples>`: some pictures of a part of the data, as the network sees them. A click chooses the picture that is
 * looked into. Boxes are drawn over them where they are to be learnt.
 *
 * @import { PicturePage } from "../../core/picture-types.js"
 * @import { LabState } from "../../core/types.js"
 */
import { cornered, frameOver, pictureCanvas } from "../../charts/pictures/canvases.js";
import { bytesOf } from "../../core/decode.js";
import { rest } from "../../core/rest.js";
import { session } from "../../core/session.js";
import { look } from "./look.js";

/** So many at a time. */
const COUNT = 15;

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

  /** @param {PicturePage} page */
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
      button.append(pictureCanvas(bytes.subarray(index * values, (index + 1) * values), shape));
      const box = page.boxes?.[index];
      if (box) button.append(frameOver(cornered(box), "truth"));
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

customElements.define("nn-samples", NnSamples);
