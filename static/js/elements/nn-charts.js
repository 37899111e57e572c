/**
 * `<nn-charts>`: the dock of charts. Its chips open and close them, in the view of the address; the browser remembers
 * them for an address that says nothing of charts.
 *
 * @import { ChartCard } from "../charts/card.js"
 */
import { CHARTS } from "../charts/cards/index.js";
import { redraws } from "../charts/redraws.js";
import { session } from "../core/session.js";
import { changeView, view } from "../core/view.js";

const MEMORY = "charts";

const makeWay = () => redraws.makeWay();

class NnCharts extends HTMLElement {
  /** The open charts. @type {Map<string, ChartCard>} */
  #cards = new Map();
  #end = () => {};

  connectedCallback() {
    this.addEventListener("click", this.#clicked);
    document.addEventListener("htmx:config:request", makeWay);
    recall();
    this.#end = session.subscribe({ parts: [], draw: () => this.#arrange() });
    this.#arrange();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
    document.removeEventListener("htmx:config:request", makeWay);
    this.#end();
    for (const card of this.#cards.values()) card.close();
    this.#cards.clear();
  }

  /** @param {MouseEvent} event */
  #clicked = (event) => {
    if (!(event.target instanceof Element)) return;
    const chip = /** @type {HTMLElement | null} */ (event.target.closest("[data-toggle]"));
    if (chip) toggle(chip.dataset.toggle ?? "");
    if (!event.target.closest("[data-close]")) return;
    const name = /** @type {HTMLElement | null} */ (event.target.closest("[data-chart]"))?.dataset.chart ?? "";
    toggle(name);
    // The card goes, and its button with it.
    /** @type {HTMLElement | null} */ (this.querySelector(`[data-toggle=${name}]`))?.focus();
  };

  /** Opens and closes cards until they are those of the view, in its order. */
  #arrange() {
    const offered = document.getElementById("lab")?.dataset.charts?.split(" ") ?? [];
    for (const chip of this.querySelectorAll("[data-toggle]")) {
      const { toggle: name = "" } = /** @type {HTMLElement} */ (chip).dataset;
      chip.toggleAttribute("hidden", !offered.includes(name));
    }
    const wanted = view().charts.filter((name) => name in CHARTS && offered.includes(name));
    if (wanted.join() === [...this.#cards.keys()].join()) return;
    for (const [name, card] of this.#cards) {
      if (!wanted.includes(name)) card.close();
    }
    const template = this.querySelector("template");
    const place = this.querySelector("[data-cards]");
    const cards = wanted.flatMap((name) => {
      const known = this.#cards.get(name);
      const Chart = CHARTS[name];
      const element = template?.content.firstElementChild?.cloneNode(true);
      if (known || !Chart || !(element instanceof HTMLElement)) return known ? [{ name, card: known }] : [];
      return [{ name, card: new Chart(element) }];
    });
    const opened = cards.filter(({ name }) => !this.#cards.has(name));
    this.#cards = new Map(cards.map(({ name, card }) => [name, card]));
    place?.append(...opened.map(({ card }) => card.element));
    for (const { card } of opened) card.open();
    for (const chip of this.querySelectorAll("[data-toggle]")) {
      const { toggle: name = "" } = /** @type {HTMLElement} */ (chip).dataset;
      chip.setAttribute("aria-pressed", String(wanted.includes(name)));
    }
  }
}

/** @param {string} name */
function toggle(name) {
  const open = view().charts;
  const charts = open.includes(name) ? open.filter((other) => other !== name) : [...open, name];
  changeView({ charts });
  try {
    localStorage.setItem(MEMORY, charts.join());
  } catch {
    // Storage is switched off: the address alone remembers.
  }
}

/** Takes the charts that were open last, where the address does not say which. */
function recall() {
  if (new URLSearchParams(location.search).has("view.charts")) return;
  try {
    const remembered = localStorage.getItem(MEMORY);
    if (remembered !== null) changeView({ charts: remembered.split(",").filter((name) => name in CHARTS) });
  } catch {
    // Storage is switched off.
  }
}

customElements.define("nn-charts", NnCharts);
