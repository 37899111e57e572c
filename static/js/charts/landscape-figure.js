/**
 * What is drawn of a loss landscape: its shades with lines of equal loss, the path of training on it, the network.
 *
 * @import { Figure } from "./card.js"
 *
 * @typedef {object} Landscape as app/schemas/landscape.py describes it
 * @property {number} revision
 * @property {number} epoch
 * @property {"random" | "trajectory"} directions
 * @property {number[]} x
 * @property {number[]} y
 * @property {(number | null)[][]} loss
 * @property {number | null} centre
 * @property {{epoch: number, x: number, y: number, loss: number | null}[]} path the network last
 * @property {[number, number] | null} shares
 * @property {number} done
 * @property {number} total
 */
import { mix } from "../core/colour.js";
import { count, metric, tick } from "../core/format.js";
import { axis } from "./layouts.js";
import { theme, token } from "./theme.js";

/** From this ratio of the highest to the lowest on, colours tell the logarithm of the loss. */
const WIDE = 30;
const TICKS = 4;
/** Losses below this have a power of ten at their tick. */
const TINY = 1e-4;

/**
 * @param {Landscape} landscape
 * @param {NonNullable<ReturnType<typeof shadesOf>>} shades
 * @returns {Figure}
 */
export function landscapeFigure(landscape, shades) {
  const { neutral, positive } = theme();
  const names = namesOf(landscape);
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
      ...pathOf(landscape),
      {
        type: "scatter",
        mode: "markers",
        name: "The network",
        x: [0],
        y: [0],
        marker: { symbol: "cross-thin", size: 12, color: token("ink"), line: { color: token("ink"), width: 2 } },
        hoverinfo: "skip",
      },
    ],
    layout: {
      hovermode: "closest",
      xaxis: axis(names[0], { range: ends(landscape.x), zeroline: false }),
      yaxis: axis(names[1], { range: ends(landscape.y), zeroline: false }),
    },
  };
}

/**
 * What the axes are called.
 *
 * @param {Landscape} landscape
 */
function namesOf({ shares }) {
  if (!shares) return ["First direction", "Second direction"];
  // Upright there is room for few words.
  return [`Component 1 · ${percent(shares[0])} of the path`, `Component 2 · ${percent(shares[1])}`];
}

/**
 * The path in words.
 *
 * @param {Landscape} landscape
 */
export function wayOf({ path: [start, ...others], shares }) {
  if (!start || !shares) return [];
  const shown = percent(shares[0] + shares[1]);
  return [
    `The path from epoch ${count(start.epoch)} on has ${others.length + 1} moments; the plane shows ${shown} of it.`,
  ];
}

/**
 * The way of training: a line with a rim, so that it stands out from dark shades and pale ones, and its moments.
 *
 * @param {Landscape} landscape
 */
function pathOf({ path }) {
  const [x, y] = [path.map((moment) => moment.x), path.map((moment) => moment.y)];
  const [ink, surface] = [token("ink"), token("surface")];
  const line = { type: "scatter", x, y };
  const start = path.map((_, index) => index === 0);
  const said = path.map(({ epoch, loss }, index) => {
    const name = index === 0 ? "The path begins at" : index === path.length - 1 ? "The network at" : "At";
    return `${name} epoch ${count(epoch)}<br>loss ${metric("loss", loss)}`;
  });
  return [
    { ...line, mode: "lines", line: { color: surface, width: 5 }, opacity: 0.7, hoverinfo: "skip" },
    {
      ...line,
      mode: "lines+markers",
      name: "The path",
      line: { color: ink, width: 1.5 },
      marker: {
        size: start.map((first) => (first ? 11 : 6)),
        color: start.map((first) => (first ? surface : ink)),
        line: { color: start.map((first) => (first ? ink : surface)), width: start.map((first) => (first ? 2 : 1)) },
      },
      text: said,
      hovertemplate: "%{text}<extra></extra>",
    },
  ];
}

/** @param {number[]} places */
function ends(places) {
  return [places[0] ?? -1, places.at(-1) ?? 1];
}

/** @param {number} share */
function percent(share) {
  if (share < 0.001) return "< 0.1 %";
  if (share > 0.999) return "> 99.9 %";
  return `${(100 * share).toFixed(share < 0.1 || share > 0.99 ? 1 : 0)} %`;
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
export function knownOf(losses) {
  return losses.flat().filter((loss) => loss !== null);
}
