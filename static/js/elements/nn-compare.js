/**
 * `<nn-compare>`: several runs side by side, from one stream: their curves over each other, their maps, their numbers,
 * and the buttons that drive them all.
 *
 * @import { LabState } from "../core/types.js"
 */
import { ComparedCurves } from "../charts/compared-curves.js";
import { onThemeChange } from "../charts/theme.js";
import { rest } from "../core/rest.js";
import { Runs } from "../core/runs.js";
import { CompareTile } from "./compare-tiles.js";
import { writeRow } from "./compare-table.js";
import { sortBy } from "./table.js";
import { toast } from "./toasts.js";

const PARTS = ["boundary", "metrics", "points"];
/** In the order in which they are told. */
const WORDS = /** @type {const} */ ([
  ["running", "training"],
  ["compiling", "waiting for a compile"],
  ["queued", "waiting in the queue"],
  ["created", "not trained yet"],
  ["paused", "paused"],
  ["finished", "finished"],
  ["diverged", "diverged"],
  ["failed", "failed"],
]);

class NnCompare extends HTMLElement {
  /** @type {Runs} */
  #runs = new Runs([]);
  /** @type {ComparedCurves | null} */
  #chart = null;
  /** @type {CompareTile[]} */
  #tiles = [];
  /** @type {(() => void)[]} */
  #ends = [];

  connectedCallback() {
    const rows = this.#rows();
    const names = new Map(rows.map(({ dataset }) => [dataset.run ?? "", dataset.name ?? ""]));
    this.#runs = new Runs([...names.keys()]);
    const tiles = /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("[data-tile]"));
    this.#tiles = [...tiles].map((element, index) => new CompareTile(element, index));
    const card = this.querySelector("template")?.content.firstElementChild?.cloneNode(true);
    if (card instanceof HTMLElement) this.#openChart(card, names);
    this.addEventListener("click", this.#clicked);
    this.#runs.listen((states) => this.#draw(states));
    const dress = () => {
      for (const tile of this.#tiles) tile.dress();
      this.#runs.redraw();
    };
    const resize = new ResizeObserver(dress);
    resize.observe(this);
    // Where one of them is gone, the server says so in words.
    this.#ends = [
      this.#runs.watch(PARTS, () => location.reload()),
      onThemeChange(dress),
      () => resize.disconnect(),
      () => this.#chart?.close(),
    ];
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
    for (const end of this.#ends) end();
  }

  /** The rows of the table, in their present order. */
  #rows() {
    return /** @type {HTMLElement[]} */ ([...this.querySelectorAll("tr[data-run]")]);
  }

  /**
   * @param {HTMLElement} card
   * @param {ReadonlyMap<string, string>} names
   */
  #openChart(card, names) {
    // The page's one chart is always there.
    card.querySelector("[data-close]")?.setAttribute("hidden", "");
    this.querySelector("[data-chart-place]")?.append(card);
    this.#chart = new ComparedCurves(card, this.#runs, names, "seedsAlone" in this.dataset);
    this.#chart.open();
  }

  /** @param {ReadonlyMap<string, Readonly<LabState>>} states */
  #draw(states) {
    this.#chart?.request();
    for (const tile of this.#tiles) {
      const state = states.get(tile.run);
      if (state) tile.draw(state);
    }
    for (const row of this.#rows()) {
      const state = states.get(row.dataset.run ?? "");
      if (state && state.revision >= 0) writeRow(row, state);
    }
    this.#tellStanding([...states.values()]);
  }

  /** @param {Readonly<LabState>[]} states */
  #tellStanding(states) {
    const place = this.querySelector("[data-standing]");
    const play = this.querySelector("#play");
    const told = WORDS.flatMap(([status, words]) => {
      const count = states.filter((state) => state.status === status).length;
      return count ? `${count} ${words}` : [];
    });
    const away = states.some(({ connected }) => !connected);
    const text = away ? "The server is away. This goes on when it is back." : told.join(", ");
    if (place && place.textContent !== text && states.every(({ revision }) => revision >= 0)) place.textContent = text;
    const wanted = states.some(({ playing }) => playing) ? "pause" : "play";
    if (!(play instanceof HTMLElement) || play.dataset.do === wanted) return;
    play.dataset.do = wanted;
    play.querySelector("use")?.setAttribute("href", `#icon-${wanted}`);
    const words = play.lastChild;
    if (words) words.textContent = wanted === "pause" ? " Pause all" : " Play all";
  }

  /** @param {MouseEvent} event */
  #clicked = (event) => {
    if (!(event.target instanceof Element)) return;
    const sorter = event.target.closest("[data-sort]")?.closest("th");
    if (sorter) sortBy(sorter);
    const button = event.target.closest("[data-do]");
    if (button instanceof HTMLElement) void this.#tellAll(button.dataset.do ?? "");
  };

  /**
   * Tells every run that is the visitor's own; the page shows at once what was meant.
   *
   * @param {string} type of a command
   */
  async #tellAll(type) {
    const own = this.#rows().flatMap(({ dataset }) => ("own" in dataset ? [dataset.run ?? ""] : []));
    if (type !== "reset") this.#runs.dispatch({ type: "intent", playing: type === "play" }, own);
    const refused = await Promise.all(
      own.map(async (run) => {
        const { ok, words } = await rest("POST", `/runs/${run}/commands`, { type });
        if (!ok && type !== "reset") this.#runs.dispatch({ type: "intent", playing: type !== "play" }, [run]);
        return ok ? "" : words;
      }),
    );
    const [words] = refused.filter(Boolean);
    if (words) toast(words, "problem");
  }
}

customElements.define("nn-compare", NnCompare);
