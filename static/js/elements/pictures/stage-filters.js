/**
 * The filters of each convolution, as they are or as training has changed them; the chosen one is looked at closely.
 *
 * @import { LayerFilters, PicturePage } from "../../core/picture-types.js"
 */
import { tabs } from "../../charts/controls.js";
import { paintFilter } from "../../charts/pictures/canvases.js";
import { bytesOf } from "../../core/decode.js";
import { made } from "./dom.js";
import { FilterCloseUp } from "./filter-close-up.js";

export class StageFilters {
  #rows = made("div", "stage-rows");
  #closeUp;
  /** @type {LayerFilters[]} */
  #layers = [];
  #change = false;
  #made = "";
  /** @type {{layer: number, filter: number} | null} */
  #chosen = null;

  /**
   * @param {HTMLElement} root
   * @param {() => PicturePage | null} dataOf
   */
  constructor(root, dataOf) {
    this.#closeUp = new FilterCloseUp(dataOf);
    const kinds = [
      { value: "", label: "Now" },
      { value: "change", label: "Change", title: "What training has changed since the first weights" },
    ];
    const kind = tabs("Filters", kinds, "", (chosen) => {
      this.#change = Boolean(chosen);
      this.#paint();
    });
    const words = "Each picture is one filter: blue weights answer to what is bright, orange ones to what is dark.";
    root.replaceChildren(made("div", "filter-head", kind, made("p", "note", words)), this.#rows, this.#closeUp.element);
    this.#rows.addEventListener("click", (event) => this.#clicked(event));
  }

  /**
   * @param {LayerFilters[]} layers
   * @param {number} origin of the run
   */
  draw(layers, origin) {
    this.#layers = layers;
    const key = JSON.stringify([origin, layers.map(({ layer, shape }) => [layer, shape])]);
    if (key !== this.#made) this.#make();
    this.#made = key;
    this.#paint();
  }

  #make() {
    this.#chosen = null;
    this.#closeUp.close();
    const none = "This network has no convolution, so it has no filters to look at.";
    const rows = this.#layers.map(({ layer, shape, weights }) => {
      const [kernel = 1, , inputs = 1, outputs = 1] = shape;
      const shown = weights.shape[0] ?? 0;
      const some = shown < outputs ? `, the first ${shown} shown` : "";
      const of = inputs > 1 ? ` on ${inputs} maps` : "";
      const told = `${outputs} filters of ${kernel} × ${kernel}${of}${some}`;
      const filters = Array.from({ length: shown }, (_, filter) => filterButton(layer, filter));
      const strip = made("div", "stage-maps", ...filters);
      return made(
        "section",
        "stage-row",
        made("div", "stage-head", made("h4", "", `${layer + 1} Convolution`), made("p", "note", told)),
        strip,
      );
    });
    this.#rows.replaceChildren(...(rows.length ? rows : [made("p", "note", none)]));
  }

  #paint() {
    for (const layer of this.#layers) {
      const packed = this.#change ? layer.change : layer.weights;
      const [, channels = 1, kernel = 1] = packed.shape;
      const bytes = bytesOf(packed.data);
      const length = channels * kernel * kernel;
      for (const button of this.#rows.querySelectorAll(`[data-of="${layer.layer}"]`)) {
        if (!(button instanceof HTMLButtonElement)) continue;
        const filter = Number(button.dataset.filter);
        const canvas = button.querySelector("canvas");
        const [note] = button.getElementsByClassName("filter-moved");
        const own = bytes.subarray(filter * length, (filter + 1) * length);
        if (canvas) paintFilter(canvas, own, kernel, layer.shape[2] === 3 && channels === 3);
        const moved = `${((layer.moved[filter] ?? 0) * 100).toFixed(0)} %`;
        if (note && note.textContent !== moved) note.textContent = moved;
        button.title = `Filter ${filter + 1}: ${moved} from where it began`;
        button.setAttribute("aria-label", button.title);
        const chosen = this.#chosen?.layer === layer.layer && this.#chosen.filter === filter;
        button.setAttribute("aria-pressed", String(chosen));
      }
    }
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-of]") : null;
    if (!(button instanceof HTMLElement)) return;
    const [layer, filter] = [Number(button.dataset.of), Number(button.dataset.filter)];
    this.#chosen = { layer, filter };
    this.#paint();
    this.#closeUp.open(layer, filter);
  }
}

/**
 * @param {number} layer
 * @param {number} filter
 */
function filterButton(layer, filter) {
  const button = made("button", "filter", made("canvas", "pixels"), made("span", "filter-moved"));
  button.type = "button";
  Object.assign(button.dataset, { of: String(layer), filter: String(filter) });
  return button;
}
