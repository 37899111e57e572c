/**
 * The figures by which a network that tells pictures apart is judged.
 *
 * @import { Bin } from "../../core/judging.js"
 * @import { Figure } from "../card.js"
 */
import { count } from "../../core/format.js";
import { confusionFigure } from "../confusion.js";
import { axis } from "../layouts.js";
import { theme, token } from "../theme.js";

const SYMBOLS = ["circle", "square", "triangle-up", "diamond", "cross", "x", "star", "pentagon", "hourglass", "bowtie"];

/** So many letters of names of classes stand side by side below the matrix. */
const LETTERS_ABREAST = 26;

/**
 * The confusion matrix, whose cells can be clicked; the chosen one has a frame.
 *
 * @param {number[][]} matrix
 * @param {string[]} names
 * @param {{actual: number, predicted: number} | null} chosen
 * @returns {Figure}
 */
export function clickableConfusion(matrix, names, chosen) {
  const { data, layout } = confusionFigure(matrix, names);
  const frame = (/** @type {{actual: number, predicted: number}} */ { actual, predicted }) => ({
    type: "rect",
    x0: predicted - 0.5,
    x1: predicted + 0.5,
    y0: actual - 0.5,
    y1: actual + 0.5,
    line: { color: token("ink"), width: 2 },
  });
  const size = names.length > 6 ? 10 : 12;
  const long = longest(names) > 2;
  const angled = longest(names) * names.length > LETTERS_ABREAST;
  const tick = { tickfont: { size }, tickangle: angled ? -40 : 0 };
  const { xaxis, yaxis } = /** @type {{xaxis: object, yaxis: object}} */ (layout);
  return {
    data: data.map((trace) => ({
      ...trace,
      textfont: { color: token("ink"), size },
      hoverinfo: "text",
      hovertext: matrix.map((row, actual) =>
        row.map((value, predicted) => `${names[actual]} read as ${names[predicted]}: ${count(value)}`),
      ),
      xgap: 1,
      ygap: 1,
    })),
    layout: {
      ...layout,
      margin: { l: long ? 80 : 36, r: 4, t: 4, b: angled ? 76 : 34 },
      xaxis: { ...xaxis, ...tick },
      yaxis: { ...yaxis, tickfont: { size } },
      hovermode: "closest",
      shapes: chosen ? [frame(chosen)] : [],
    },
  };
}

/** @param {string[]} names */
function longest(names) {
  return Math.max(0, ...names.map((name) => name.length));
}

/**
 * The reliability diagram (DeGroot and Fienberg 1983): how often answers of some confidence are right.
 *
 * @param {Bin[]} bins
 * @returns {Figure}
 */
export function calibrationFigure(bins) {
  const line = { color: token("line-strong"), width: 1, dash: "dash" };
  const range = [0, 1.02];
  return {
    data: [
      { type: "scatter", mode: "lines", x: [0, 1], y: [0, 1], line, hoverinfo: "skip", name: "As sure as right" },
      {
        type: "scatter",
        mode: "lines+markers",
        x: bins.map(({ confidence }) => confidence),
        y: bins.map(({ accuracy }) => accuracy),
        text: bins.map(
          ({ count: number, confidence, accuracy }) =>
            `${count(number)} answers, ${percent(confidence)} sure: ${percent(accuracy)} right`,
        ),
        hoverinfo: "text",
        line: { color: token("accent"), width: 2 },
        marker: { color: token("accent"), size: sizes(bins) },
        name: "Answers",
      },
    ],
    layout: {
      xaxis: axis("How sure it is", { range, tickformat: ".0%" }),
      yaxis: axis("How often it is right", { range, tickformat: ".0%" }),
      hovermode: "closest",
    },
  };
}

/** Points as large as there are answers. @param {Bin[]} bins */
function sizes(bins) {
  const most = Math.max(1, ...bins.map(({ count: number }) => number));
  return bins.map(({ count: number }) => 5 + 11 * Math.sqrt(number / most));
}

/** @param {number} share */
function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}

/**
 * Where the samples are for the output layer: a trace for each class, told apart by symbols as well as by colours.
 *
 * @param {{points: ArrayLike<number>, labels: ArrayLike<number>, rows: number[]}} samples points are (samples, 2)
 * @param {[string, string]} axes what they are called
 * @param {string[]} names of the classes
 * @returns {Figure}
 */
export function embeddingFigure({ points, labels, rows }, axes, names) {
  const { classes, surface } = theme();
  const all = rows.map((_, index) => index);
  const data = names.map((name, label) => {
    const own = all.filter((index) => labels[index] === label);
    return {
      type: "scatter",
      mode: "markers",
      name,
      x: own.map((index) => points[2 * index]),
      y: own.map((index) => points[2 * index + 1]),
      customdata: own.map((index) => rows[index]),
      hovertemplate: `${name}<extra></extra>`,
      marker: {
        symbol: SYMBOLS[label % SYMBOLS.length],
        size: 7,
        color: `rgb(${classes[label % classes.length]?.join()})`,
        line: { color: `rgb(${surface.join()})`, width: 0.8 },
      },
    };
  });
  return {
    data,
    layout: {
      xaxis: axis(axes[0], { showticklabels: false }),
      yaxis: axis(axes[1], { showticklabels: false }),
      margin: { l: 24, r: 4, t: 4, b: 30 + 19 * Math.ceil(names.length / 4) },
      hovermode: "closest",
      showlegend: true,
      legend: {
        orientation: "h",
        x: 0.5,
        xanchor: "center",
        y: 0,
        yanchor: "bottom",
        yref: "container",
        font: { size: 10 },
      },
    },
  };
}
