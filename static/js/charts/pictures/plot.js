/**
 * A Plotly figure in a place of its own: loaded when first drawn, drawn in its turn, freed at the end. Charts in the dock are
 * cards (charts/card.js); this is for figures within other elements.
 *
 * @import { Figure } from "../card.js"
 */
import { CONFIG, baseLayout } from "../layouts.js";
import { plotly } from "../plotly.js";
import { redraws } from "../redraws.js";

/**
 * What Plotly tells of what was clicked.
 *
 * @typedef {{x: number | string, y: number | string, curveNumber: number, pointNumber: number | [number, number], customdata?: unknown}} Clicked
 */

export class Plot {
  #element;
  #clicked;
  /** @type {Figure | null} */
  #figure = null;
  /** @type {PlotlyApi | null} */
  #plotly = null;
  #listens = false;
  #redraw = () => this.#draw();
  #resize = new ResizeObserver(() => this.#draw());

  /**
   * @param {HTMLElement} element
   * @param {(point: Clicked) => void} clicked
   * @param {(words: string) => void} failed called when the library does not load
   */
  constructor(element, clicked, failed) {
    this.#element = element;
    this.#clicked = clicked;
    this.#resize.observe(element);
    plotly("plane").then(
      (api) => {
        this.#plotly = api;
        this.#draw();
      },
      (error) => failed(`The chart library did not load: ${error.message}`),
    );
  }

  /**
   * @param {Figure | null} figure
   * @param {boolean} atOnce whether somebody has just asked for it
   */
  show(figure, atOnce) {
    this.#figure = figure;
    if (atOnce) redraws.requestAtOnce(this.#redraw);
    else redraws.request(this.#redraw);
  }

  close() {
    redraws.forget(this.#redraw);
    this.#resize.disconnect();
    this.#plotly?.purge(this.#element);
    this.#listens = false;
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.#element;
    if (!this.#figure || !this.#plotly || !width || !height) return;
    const { data, layout } = this.#figure;
    void this.#plotly.react(this.#element, data, { ...baseLayout(), ...layout, width, height }, CONFIG);
    if (this.#listens) return;
    this.#listens = true;
    /** @type {{on: (name: string, call: (event: {points: Clicked[]}) => void) => void}} */
    const plot = /** @type {any} */ (this.#element);
    plot.on("plotly_click", ({ points: [point] }) => point && this.#clicked(point));
  }
}
