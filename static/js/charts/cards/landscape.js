/**
 * The training loss around the network as it was when somebody asked, in two random directions. The server draws it in
 * the background; what it has so far is shown.
 *
 * @import { Figure } from "../card.js"
 *
 * @typedef {object} Landscape as app/schemas/landscape.py describes it
 * @property {number} revision
 * @property {number} epoch
 * @property {number[]} x
 * @property {number[]} y
 * @property {(number | null)[][]} loss
 * @property {number | null} centre
 * @property {number} done
 * @property {number} total
 */
import { mix } from "../../core/colour.js";
import { count, metric, tick } from "../../core/format.js";
import { rest } from "../../core/rest.js";
import { ChartCard } from "../card.js";
import { axis } from "../layouts.js";
import { theme, token } from "../theme.js";

/** While it is being drawn, it is asked for again after so many milliseconds. */
const AGAIN = 300;
/** From this ratio of the highest to the lowest on, colours tell the logarithm of the loss. */
const WIDE = 30;
const TICKS = 4;
/** Losses below this have a power of ten at their tick. */
const TINY = 1e-4;
/** Told in steps of so many percent, so that a screen reader is not flooded. */
const PERCENT = 10;

export class LandscapeChart extends ChartCard {
  #run = "";
  /** @type {Landscape | null} */
  #landscape = null;
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
      empty: "The training loss around the network, in two random directions, will be drawn here.",
      tall: true,
    });
    this.#note.className = "chart-note";
    this.#note.setAttribute("role", "status");
    this.#button.className = "chart-button";
    this.#button.type = "button";
    this.#button.textContent = "Draw it from here";
    this.#button.hidden = "reader" in (document.getElementById("lab")?.dataset ?? {});
    this.#button.addEventListener("click", () => {
      this.#say("Drawing …");
      void this.#ask("POST");
    });
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
    void this.#ask("GET");
    return true;
  }

  /** @override */
  head() {
    return [this.#note, this.#button];
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
    if (!shades) return null;
    const { neutral, positive } = theme();
    const ends = [landscape.x[0] ?? -1, landscape.x.at(-1) ?? 1];
    const ink = token("ink");
    return {
      data: [
        {
          type: "contour",
          x: landscape.x,
          y: landscape.y,
          z: shades.values,
          zmin: shades.low,
          zmax: shades.high,
          ncontours: 12,
          contours: { coloring: "heatmap" },
          line: { color: token("line-strong"), width: 0.5 },
          colorscale: [
            [0, `rgb(${neutral.join()})`],
            [1, `rgb(${mix(neutral, positive, 0.85).join()})`],
          ],
          colorbar: { ...shades.ticks, thickness: 8, outlinewidth: 0, ticklen: 3, tickcolor: token("line"), xpad: 4 },
          customdata: landscape.loss,
          hovertemplate: "%{customdata:.4~g}<extra></extra>",
        },
        {
          type: "scatter",
          mode: "markers",
          name: "The network",
          x: [0],
          y: [0],
          marker: { symbol: "cross-thin", size: 12, color: ink, line: { color: ink, width: 2 } },
          hoverinfo: "skip",
        },
      ],
      layout: {
        hovermode: "closest",
        legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
        xaxis: axis("First direction", { range: ends, zeroline: false }),
        yaxis: axis("Second direction", { range: ends, zeroline: false }),
      },
    };
  }

  /** @override */
  summary() {
    const landscape = this.#landscape;
    const losses = knownOf(landscape?.loss ?? []);
    if (!landscape || !losses.length) return this.empty();
    const [low, high] = [Math.min(...losses), Math.max(...losses)].map((loss) => metric("loss", loss));
    const middle = metric("loss", landscape.centre);
    return `Around epoch ${count(landscape.epoch)} the training loss goes from ${low} to ${high}; in the middle it is ${middle}.`;
  }

  /** @override */
  table() {
    const { x, y, loss } = this.#landscape ?? { x: [], y: [], loss: [] };
    const rows = loss.flatMap((row, at) => row.map((value, index) => [x[index] ?? 0, y[at] ?? 0, value]));
    return { columns: ["first direction", "second direction", "loss"], rows };
  }

  /**
   * Begins a landscape (POST), or asks for it (GET) until it is whole.
   *
   * @param {"POST" | "GET"} method
   */
  async #ask(method) {
    this.#forget();
    const question = this.#asked;
    const { ok, value, words } = await rest(method, `/runs/${this.#run}/landscape`);
    if (question !== this.#asked) return;
    this.#problem = ok ? "" : words;
    if (value && ok) {
      this.#landscape = value;
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

/**
 * What is drawn of losses: themselves, or their logarithms where they go far; null while nothing is known.
 *
 * @param {(number | null)[][]} losses
 */
export function shadesOf(losses) {
  const known = knownOf(losses);
  if (!known.length) return null;
  const highest = Math.max(...known);
  const least = Math.min(...known.filter((loss) => loss > 0));
  // No loss above nought gives the least of nothing, which is infinite.
  const logarithmic = highest / least > WIDE;
  const shade = (/** @type {number} */ loss) => (logarithmic ? Math.log10(Math.max(loss, least)) : loss);
  const [low, high] = [shade(Math.min(...known)), shade(highest)];
  const tickvals = Array.from({ length: TICKS }, (_, index) => low + (index / (TICKS - 1)) * (high - low));
  return {
    values: losses.map((row) => row.map((loss) => (loss === null ? null : shade(loss)))),
    low,
    high,
    ticks: { tickvals, ticktext: tickvals.map((value) => lossTick(logarithmic ? 10 ** value : value)) },
  };
}

/** @param {number} loss */
function lossTick(loss) {
  return loss > 0 && loss < TINY ? metric("loss", loss) : tick(loss);
}

/** @param {(number | null)[][]} losses */
function knownOf(losses) {
  return losses.flat().filter((loss) => loss !== null);
}
