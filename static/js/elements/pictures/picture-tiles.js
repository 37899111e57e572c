/**
 * Pictures side by side with a line of words each; a click looks at one. Tiles that are there are used again, so that the
 * focus stays while pictures change.
 *
 * @import { Shown } from "./pictures.js"
 */
import { frameOver, paintPicture } from "../../charts/pictures/canvases.js";
import { made, write } from "./dom.js";
import { look } from "./look.js";

/** @typedef {{box: {left: number, top: number, width: number, height: number}, kind: string}} Framed shares of the side */

export class PictureTiles {
  element = made("div", "picture-tiles");

  constructor() {
    this.element.addEventListener("click", ({ target }) => {
      const tile = target instanceof Element ? target.closest("button") : null;
      if (tile) void look(Number(tile.dataset.row));
    });
  }

  /**
   * @param {Shown | null} page
   * @param {(index: number) => string} [words] of each picture
   * @param {(index: number) => Framed[]} [frames] over each picture
   */
  show(page, words = () => "", frames = () => []) {
    const { shape, rows, pictures } = page ?? { shape: [], rows: [], pictures: [] };
    while (this.element.childElementCount > pictures.length) this.element.lastElementChild?.remove();
    while (this.element.childElementCount < pictures.length) this.element.append(newTile());
    for (const [index, tile] of [...this.element.children].entries()) {
      const [picture, told] = /** @type {HTMLElement[]} */ ([...tile.children]);
      const canvas = tile.querySelector("canvas");
      const bytes = pictures[index];
      if (!canvas || !bytes || !picture || !told) continue;
      /** @type {HTMLElement} */ (tile).dataset.row = String(rows[index]);
      paintPicture(canvas, bytes, shape);
      picture.replaceChildren(canvas, ...frames(index).map(({ box, kind }) => frameOver(box, kind)));
      write(told, words(index));
    }
  }
}

function newTile() {
  const canvas = made("canvas", "pixels");
  canvas.setAttribute("aria-hidden", "true");
  const tile = made("button", "picture-tile", made("span", "picture-frame", canvas), made("span", ""));
  tile.type = "button";
  tile.title = "Look at this picture";
  return tile;
}
