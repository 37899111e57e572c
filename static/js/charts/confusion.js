/**
 * The confusion matrix as a figure.
 *
 * @import { Figure } from "./card.js"
 */
import { mix } from "../core/colour.js";
import { count } from "../core/format.js";
import { axis } from "./layouts.js";
import { theme, token } from "./theme.js";

/** So many classes are named at most. */
const MOST_TICKS = 16;

/**
 * Rows are actual classes, the first on top.
 *
 * @param {number[][]} matrix
 * @param {string[]} names
 * @returns {Figure}
 */
export function confusionFigure(matrix, names) {
  const { neutral, positive } = theme();
  const shares = matrix.map((row) => {
    const total = row.reduce((sum, value) => sum + value, 0) || 1;
    return row.map((value) => value / total);
  });
  const cell = {
    type: "heatmap",
    x: names,
    y: names,
    z: shares,
    zmin: 0,
    zmax: 1,
    text: matrix.map((row) => row.map((value) => count(value))),
    texttemplate: "%{text}",
    // Paler than the full colour, so that the counts can be read on all of them.
    colorscale: [
      [0, `rgb(${neutral.join()})`],
      [1, `rgb(${mix(neutral, positive, 0.5).join()})`],
    ],
    textfont: { color: token("ink"), size: 13 },
    showscale: false,
    hoverinfo: "skip",
    xgap: 2,
    ygap: 2,
  };
  const named = { tickmode: "linear", dtick: Math.ceil(names.length / MOST_TICKS) };
  const classes = { type: "category", showgrid: false, ...named };
  return {
    data: [cell],
    layout: {
      margin: { l: 64, r: 8, t: 6, b: 36 },
      xaxis: axis("Predicted", classes),
      yaxis: axis("Actual", { ...classes, autorange: "reversed" }),
    },
  };
}
