/**
 * A chart in its card: what all charts have in common, so that a new one says no more than what it shows.
 *
 * A subclass gives its frame parts and a figure; it may keep what frames bring (`watch`), add controls to the head
 * and to the menu, and gives a summary and a table of exact numbers. An open card subscribes to the session; a closed one
 * holds nothing.
 *
 * @import { LabState } from "../core/types.js"
 * @import { Library } from "./plotly.js"
 * @import { Table } from "./series.js"
 */
import { session } from "../core/session.js";
import { throttled } from "../core/throttle.js";
import { saveChart } from "./export.js";
import { CONFIG, baseLayout } from "./layouts.js";
import { plotly } from "./plotly.js";
import { redraws } from "./redraws.js";

const SUMMARY_EVERY = 2000;

/**
 * @typedef {object} Figure
 * @property {object[]} data Plotly's traces
 * @property {object} layout what it sets beside the common layout
 *
 * @typedef {object} Kind
 * @property {string} name as the view names it
 * @property {string} title
 * @property {string[]} parts of a frame
 * @property {string} empty what is told while there is nothing to draw, as a rule
 * @property {boolean} [tall] whether it needs more room than a curve
 * @property {Library} [library]
 */

export class ChartCard {
  /** What the head's controls were made for. @type {string | null} */
  #made = null;
  #closed = false;
  /** @type {PlotlyApi | null} */
  #plotly = null;
  /** @type {(() => void)[]} */
  #ends = [];
  /** Whether any of it can be seen: what is scrolled away need not be drawn. */
  #visible = false;
  /** Whether anything was drawn yet: the first drawing does not wait for those of other charts. */
  #shown = false;
  #redraw = () => this.#draw();
  #summarise = throttled(SUMMARY_EVERY, () => {
    this.plot.setAttribute("aria-label", `${this.title()}. ${this.summary()}`);
  });

  /** What is known of the run. @type {Readonly<LabState>} */
  state = session.state;

  /**
   * @param {HTMLElement} element a copy of the page's template of a card
   * @param {Kind} kind
   */
  constructor(element, kind) {
    this.element = element;
    this.kind = kind;
    this.plot = part(element, "plot");
    this.canvas = part(element, "canvas");
    this.menu = part(element, "menu");
    element.dataset.chart = kind.name;
    element.setAttribute("aria-label", kind.title);
    element.toggleAttribute("data-tall", kind.tall ?? false);
    part(element, "title").textContent = kind.title;
    part(element, "close").setAttribute("aria-label", `Close ${kind.title}`);
    part(element, "empty").textContent = kind.empty;
    this.#connectMenu("menu", `Settings of ${kind.title}`);
    this.#connectMenu("save", `Download ${kind.title}`);
    for (const button of element.querySelectorAll("[data-format]")) {
      button.addEventListener("click", () => void this.#save(/** @type {HTMLElement} */ (button).dataset.format ?? ""));
    }
  }

  /** Begins to watch and to draw. The card is in the page by now. */
  open() {
    this.#addMenu();
    const resize = new ResizeObserver(() => this.request());
    resize.observe(this.plot);
    const scroll = new IntersectionObserver((entries) => {
      this.#visible = entries.at(-1)?.isIntersecting ?? false;
      this.request();
    });
    scroll.observe(this.plot);
    this.#ends = [
      session.subscribe({ parts: this.kind.parts, draw: (state, drawn) => this.#see(state, drawn) }),
      () => resize.disconnect(),
      () => scroll.disconnect(),
    ];
    plotly(this.kind.library ?? "plane").then(
      (api) => {
        this.#plotly = api;
        this.request();
      },
      (error) => this.tell(`The chart library did not load: ${error.message}`),
    );
  }

  /** Frees all that it holds. */
  close() {
    this.#closed = true;
    for (const end of this.#ends) end();
    this.#summarise.cancel();
    redraws.forget(this.#redraw);
    this.#plotly?.purge(this.canvas);
    this.element.remove();
  }

  /** Redraws at once: a control of this card has changed. */
  refresh() {
    if (this.#visible) redraws.requestAtOnce(this.#redraw);
  }

  /**
   * Says in words why nothing is drawn; with no words the drawing is shown.
   *
   * @param {string} words
   */
  tell(words) {
    const empty = part(this.element, "empty");
    empty.hidden = !words;
    if (words) empty.textContent = words;
    this.canvas.classList.toggle("waiting", Boolean(words));
  }

  // ---- What subclasses say -----------------------------------------------------------------------------------------

  /**
   * Looks at a new state, keeps what it needs of it, and says whether there is something new to draw.
   *
   * @param {Readonly<LabState>} state
   * @param {Readonly<LabState>} drawn the state before
   * @returns {boolean}
   */
  watch(state, drawn) {
    const known = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (state));
    const before = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (drawn));
    return this.kind.parts.some((name) => known[name] !== before[name]);
  }

  /** What is told while there is nothing to draw. @returns {string} */
  empty() {
    return this.kind.empty;
  }

  /** What is drawn, or null while there is nothing. It is asked before the head. @returns {Figure | null} */
  figure() {
    return null;
  }

  /** Called after each drawing. */
  drawn() {}

  /** The chart in a sentence, for those who do not see it. @returns {string} */
  summary() {
    return "";
  }

  /** Every number of the chart. @returns {Table} */
  table() {
    return { columns: [], rows: [] };
  }

  /** What the chart is called now. @returns {string} */
  title() {
    return this.kind.title;
  }

  /** What the head's controls depend on: they are made anew when it changes. @returns {string} */
  headKey() {
    return "";
  }

  /** Controls beside the title. @returns {HTMLElement[]} */
  head() {
    return [];
  }

  /** Controls in the menu of settings. @returns {HTMLElement[]} */
  settings() {
    return [];
  }

  // ------------------------------------------------------------------------------------------------------------------

  /**
   * @param {Readonly<LabState>} state
   * @param {Readonly<LabState>} drawn
   */
  #see(state, drawn) {
    this.state = state;
    const news = this.watch(state, drawn);
    // Everything is drawn anew where nothing was drawn before: colours may have changed.
    if (!news && drawn.revision >= 0) return;
    if (drawn.revision < 0) this.#made = null;
    this.request();
  }

  /** Has it drawn, from the second time on when it is its turn: there is something new. */
  request() {
    if (!this.#visible) return;
    if (this.#shown) redraws.request(this.#redraw);
    else redraws.requestAtOnce(this.#redraw);
  }

  #draw() {
    if (this.#closed) return;
    const figure = this.figure();
    this.#makeHead();
    this.tell(figure ? "" : this.empty());
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!figure || !this.#plotly || !width || !height) return;
    const layout = { ...baseLayout(), ...figure.layout, width, height };
    void this.#plotly.react(this.canvas, figure.data, layout, CONFIG);
    this.#shown = true;
    this.drawn();
    this.#summarise();
  }

  #makeHead() {
    const key = this.headKey();
    if (key === this.#made) return;
    this.#made = key;
    part(this.element, "title").textContent = this.title();
    part(this.element, "controls").replaceChildren(...this.head());
  }

  #addMenu() {
    const settings = this.settings();
    this.menu.replaceChildren(...settings);
    const opener = this.element.querySelector("[data-opens=menu]");
    if (opener instanceof HTMLElement) opener.hidden = !settings.length;
  }

  /**
   * @param {string} name of a popover in the card
   * @param {string} label
   */
  #connectMenu(name, label) {
    const id = `chart-${this.kind.name}-${name}`;
    part(this.element, name).id = id;
    const opener = this.element.querySelector(`[data-opens=${name}]`);
    opener?.setAttribute("popovertarget", id);
    opener?.setAttribute("aria-label", label);
  }

  /** @param {string} format */
  async #save(format) {
    part(this.element, "save").hidePopover();
    await saveChart(format, this.kind, this.canvas, this.#plotly, () => this.table());
  }
}

/**
 * A part of a card that the template marks.
 *
 * @param {HTMLElement} element
 * @param {string} name
 * @returns {HTMLElement}
 */
export function part(element, name) {
  const found = element.querySelector(`[data-${name}]`);
  if (!(found instanceof HTMLElement)) throw new Error(`a chart's card lacks [data-${name}]`);
  return found;
}
