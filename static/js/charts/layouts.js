/** How all charts look: Plotly's layouts in the page's colours. */
import { token } from "./theme.js";

/** Nothing of Plotly's own controls: the page has its own. */
export const CONFIG = { displayModeBar: false, doubleClick: false, showTips: false };

/** Room around a plot for its axes, in pixels. */
export const MARGIN = { l: 48, r: 8, t: 6, b: 34 };

/** What every chart's layout begins with. */
export function baseLayout() {
  return {
    margin: MARGIN,
    paper_bgcolor: token("surface"),
    plot_bgcolor: token("surface"),
    font: { family: getComputedStyle(document.body).fontFamily, size: 11, color: token("ink-soft") },
    showlegend: false,
    hovermode: false,
    hoverlabel: { bgcolor: token("surface"), bordercolor: token("line-strong"), font: { color: token("ink") } },
    dragmode: false,
  };
}

/**
 * An axis. What it sets may be set otherwise by `changes`.
 *
 * @param {string} title
 * @param {object} [changes]
 */
export function axis(title, changes = {}) {
  const line = token("line");
  return {
    title: { text: title, standoff: 2, font: { size: 11 } },
    gridcolor: line,
    linecolor: line,
    tickcolor: line,
    zeroline: false,
    fixedrange: true,
    nticks: 5,
    ...changes,
  };
}

/**
 * A logarithmic axis: ticks at powers of ten.
 *
 * @param {string} title
 * @param {object} [changes]
 */
export function logAxis(title, changes = {}) {
  return axis(title, { type: "log", exponentformat: "power", minorloglabels: "none", nticks: 4, ...changes });
}
