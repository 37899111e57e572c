/**
 * The training loss around the network as it was when somebody asked, in two random directions or along the way that
 * training has gone, which is drawn on it. The server draws it in the background; what it has so far is shown.
 *
 * @import { Figure } from "../card.js"
 * @import { Landscape } from "../landscape-figure.js"
 */
import { count, metric } from "../../core/format.js";
import { rest } from "../../core/rest.js";
import { ChartCard } from "../card.js";
import { tabs } from "../controls.js";
import { knownOf, landscapeFigure, shadesOf, wayOf } from "../landscape-figure.js";

/** While it is being drawn, it is asked for again after so many milliseconds. */
const AGAIN = 300;
/** Told in steps of so many percent, so that a screen reader is not flooded. */
const PERCENT = 10;
/** @type {{value: Landscape["directions"], label: string, title: string}[]} */
const DIRECTIONS = [
  { value: "random", label: "Random", title: "Two random directions" },
  { value: "trajectory", label: "Path", title: "The two directions in which training has moved the network most" },
];

export class LandscapeChart extends ChartCard {
  #run = "";
  /** @type {Landscape | null} */
  #landscape = null;
  /** Those of the next drawing. @type {Landscape["directions"]} */
  #directions = "random";
  /** Counts how often others were found than those that were chosen here. */
  #heads = 0;
  #reader = "reader" in (document.getElementById("lab")?.dataset ?? {});
  /** Whether one is wanted of a run that is not known yet. */
  #eager = false;
  /** What was wrong with the last question. */
  #problem = "";
  /** Counts questions: only the answer to the last one matters. */
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #note = document.createElement("span");
  #button = document.createElement("button");

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element, {
      name: "landscape",
      title: "Loss landscape",
      parts: [],
      empty:
        "The training loss around the network will be drawn here: in two random directions, or along the path that " +
        "training has taken.",
      tall: true,
    });
    this.#note.className = "chart-note";
    this.#note.setAttribute("role", "status");
    this.#button.className = "chart-button";
    this.#button.type = "button";
    this.#button.textContent = "Draw it from here";
    this.#button.hidden = this.#reader;
    this.#button.addEventListener("click", () => this.#begin());
  }

  /** @override */
  close() {
    this.#forget();
    super.close();
  }

  /** @override @type {ChartCard["watch"]} */
  watch(state, drawn) {
    if (state.origin !== drawn.origin) this.#tellMoment();
    if (!state.run || state.run === this.#run) return false;
    this.#forget();
    this.#run = state.run;
    this.#landscape = null;
    void this.#ask(this.#eager ? "POST" : "GET");
    this.#eager = false;
    return true;
  }

  /** @override */
  headKey() {
    return String(this.#heads);
  }

  /** @override */
  head() {
    if (this.#reader) return [this.#note];
    const choose = (/** @type {string} */ directions) => {
      this.#directions = directions === "trajectory" ? directions : "random";
      this.#begin();
    };
    return [this.#note, tabs("Directions", DIRECTIONS, this.#directions, choose), this.#button];
  }

  /** @override */
  empty() {
    return this.#problem || super.empty();
  }

  /** @override @returns {Figure | null} */
  figure() {
    const landscape = this.#landscape;
    if (!landscape || this.#problem) return null;
    const shades = shadesOf(landscape.loss);
    return shades ? landscapeFigure(landscape, shades) : null;
  }

  /** @override */
  summary() {
    const landscape = this.#landscape;
    const losses = knownOf(landscape?.loss ?? []);
    if (!landscape || !losses.length) return this.empty();
    const [low, high] = [Math.min(...losses), Math.max(...losses)].map((loss) => metric("loss", loss));
    const middle = metric("loss", landscape.centre);
    const place = landscape.path.length ? "where the network stands" : "in the middle";
    const around = `Around epoch ${count(landscape.epoch)} the training loss goes from ${low} to ${high}; ${place} it is ${middle}.`;
    return [around, ...wayOf(landscape)].join(" ");
  }

  /** @override */
  table() {
    const { x, y, loss, path } = this.#landscape ?? { x: [], y: [], loss: [], path: [] };
    const rows = loss.flatMap((row, at) => row.map((value, index) => [x[index] ?? 0, y[at] ?? 0, value]));
    const columns = ["first direction", "second direction", "loss"];
    if (!path.length) return { columns, rows };
    const passed = path.map((moment) => [moment.x, moment.y, moment.loss, moment.epoch]);
    return { columns: [...columns, "epoch"], rows: [...passed, ...rows.map((row) => [...row, null])] };
  }

  #begin() {
    this.#say("Drawing …");
    this.#eager = !this.#run;
    if (this.#run) void this.#ask("POST");
  }

  /**
   * Begins a landscape (POST), or asks for it (GET) until it is whole.
   *
   * @param {"POST" | "GET"} method
   */
  async #ask(method) {
    this.#forget();
    const question = this.#asked;
    const wanted = method === "POST" ? { directions: this.#directions } : undefined;
    const { ok, value, words } = await rest(method, `/runs/${this.#run}/landscape`, wanted);
    if (question !== this.#asked) return;
    this.#problem = ok ? "" : words;
    if (value && ok) {
      this.#landscape = value;
      if (value.directions !== this.#directions) {
        this.#directions = value.directions;
        this.#heads += 1;
      }
      if (value.done < value.total) this.#timer = setTimeout(() => void this.#ask("GET"), AGAIN);
    }
    this.#tellMoment();
    this.refresh();
  }

  /** No answer, and no timer, matters any more. */
  #forget() {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  /** Says how far it is drawn, or which moment it shows. */
  #tellMoment() {
    const landscape = this.#landscape;
    if (!landscape || this.#problem) this.#say("");
    else if (landscape.done < landscape.total) {
      this.#say(`Drawing: ${Math.floor((100 * landscape.done) / landscape.total / PERCENT) * PERCENT} %`);
    } else {
      const before = landscape.revision < this.state.origin ? ", before it began anew" : "";
      this.#say(`At epoch ${count(landscape.epoch)}${before}`);
    }
  }

  /** @param {string} words */
  #say(words) {
    if (this.#note.textContent !== words) this.#note.textContent = words;
  }
}
