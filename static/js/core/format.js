/** Numbers as people read them. The server writes the same forms (app/web/lab/views.py). */

const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/**
 * A count: `12,345`.
 *
 * @param {number} value
 */
export function count(value) {
  return WHOLE.format(value);
}

/**
 * A metric by its name: accuracy in percent, all else with four decimals, or four digits where it is large or tiny.
 *
 * @param {string} name
 * @param {number | null | undefined} value
 */
export function metric(name, value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (name === "accuracy") return `${(value * 100).toFixed(1)} %`;
  if (name === "mistakes") return count(value);
  const size = Math.abs(value);
  if (size !== 0 && size < 0.0001) return value.toExponential(1).replace("e-", "e−");
  return size >= 1000 ? value.toPrecision(4).replace("e+", "e") : value.toFixed(4);
}

/**
 * A rate: `0.7`, `29`, `3,400`.
 *
 * @param {number} value
 */
export function rate(value) {
  if (value < 9.95) return value.toFixed(1);
  return count(value < 1000 ? Math.round(value) : Math.round(value / 10) * 10);
}

/**
 * A tick of an axis: short, without needless zeros.
 *
 * @param {number} value
 */
export function tick(value) {
  const size = Math.abs(value);
  return String(Number(size >= 100 ? value.toFixed(0) : value.toPrecision(2))).replace("-", "−");
}

/**
 * A metric's name in words: `mean_absolute_error` is “Mean absolute error”.
 *
 * @param {string} name
 */
export function metricName(name) {
  if (name === "r2") return "R²";
  const words = name.replaceAll("_", " ").replace("iou", "IoU");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * A number to be relied on: four significant digits.
 *
 * @param {number} value
 */
export function exact(value) {
  const text = value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(3) : value.toPrecision(4);
  return text.replace("e+", "e").replaceAll("-", "−");
}
