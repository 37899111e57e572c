/**
 * One filter closely: the test pictures that excite it most, with the patch that does, and a picture made to excite it.
 *
 * @import { Synthesis, TopPicture } from "../../core/explain-types.js"
 * @import { PicturePage } from "../../core/picture-types.js"
 */
import { pictureCanvas } from "../../charts/pictures/canvases.js";
import { bytesOf } from "../../core/decode.js";
import { exact } from "../../core/format.js";
import { within } from "../../core/receptive.js";
import { button, made, write } from "./dom.js";
import { explain } from "./explain.js";
import { PictureTiles } from "./picture-tiles.js";
import { fetchPictures } from "./pictures.js";

export class FilterCloseUp {
  #title = made("h4", "");
  #status = made("p", "note");
  #pictures = new PictureTiles();
  #synthesis = made("div", "way-figure");
  #begin = button("Make a picture that excites it", () => void this.#synthesise());
  #dataOf;
  /** What is shown, or asked for. @type {{layer: number, channel: number} | null} */
  #of = null;

  /** @param {() => PicturePage | null} dataOf */
  constructor(dataOf) {
    this.#dataOf = dataOf;
    this.#status.setAttribute("role", "status");
    this.element = made(
      "section",
      "close-up",
      this.#title,
      this.#status,
      this.#pictures.element,
      this.#begin,
      this.#synthesis,
    );
    this.element.hidden = true;
  }

  /**
   * @param {number} layer
   * @param {number} channel
   */
  open(layer, channel) {
    this.element.hidden = false;
    this.#of = { layer, channel };
    write(this.#title, `Layer ${layer + 1}, filter ${channel + 1}`);
    this.#pictures.show(null);
    this.#synthesis.replaceChildren();
    void this.#findTop();
  }

  close() {
    this.element.hidden = true;
    this.#of = null;
  }

  async #findTop() {
    const of = this.#of;
    if (!of) return;
    write(this.#status, "Looking through the test pictures…");
    const { ok, value, words } = await explain({ kind: "top", ...of });
    if (of !== this.#of) return;
    if (!ok) {
      write(this.#status, words);
      return;
    }
    const top = /** @type {TopPicture[]} */ (value.pictures);
    const page = await fetchPictures(top.map(({ row }) => row));
    if (of !== this.#of || !page) return;
    const [, height = 1, width = 1] = page.shape;
    const told = (/** @type {number} */ index) => {
      const { value: peak = null, label = 0 } = top[index] ?? {};
      return [page.names[label] ?? String(label), ...(peak === null ? [] : [exact(peak)])].join(", ");
    };
    const patch = (/** @type {number} */ index) => {
      const field = top[index]?.field;
      if (!field) return [];
      const box = within(field, page.shape);
      const shares = {
        left: box.left / width,
        top: box.top / height,
        width: box.width / width,
        height: box.height / height,
      };
      return [{ box: shares, kind: "patch" }];
    };
    this.#pictures.show(page, told, patch);
    write(this.#status, "The test pictures that excite it most, its largest answer, and the patch that it sees there.");
  }

  async #synthesise() {
    const of = this.#of;
    if (!of) return;
    const told = made(
      "p",
      "note",
      "The server climbs from grey noise to a picture that excites it; the first time it compiles a program for it…",
    );
    told.setAttribute("role", "status");
    this.#synthesis.replaceChildren(told);
    const { ok, value, words } = await explain({ kind: "synthesis", ...of });
    if (of !== this.#of) return;
    if (!ok) {
      write(told, words);
      return;
    }
    const { picture, start, end } = /** @type {Synthesis} */ (value);
    const shape = this.#dataOf()?.shape ?? picture.shape;
    const canvas = pictureCanvas(bytesOf(picture.data), shape, "The picture made to excite the filter");
    this.#synthesis.prepend(canvas);
    const number = (/** @type {number | null} */ mean) => (mean === null ? "–" : exact(mean));
    write(told, `Made to excite it: its mean sum grew from ${number(start)} to ${number(end)} in 64 steps.`);
  }
}
