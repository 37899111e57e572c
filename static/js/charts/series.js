/**
 * Curves as numbers: smoothing, the sample next to an epoch, tables as CSV. Nothing here draws.
 *
 * @typedef {object} Table
 * @property {string[]} columns
 * @property {(number | string | null)[][]} rows
 */

/**
 * The exponential moving average, corrected for its cold start: `weight` is the share of the past, 0 to below 1.
 *
 * @param {(number | null)[]} values gaps stay gaps
 * @param {number} weight
 * @returns {(number | null)[]}
 */
export function smoothed(values, weight) {
  if (!weight) return values;
  let mean = 0;
  let certainty = 0;
  return values.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    certainty = weight * certainty + (1 - weight);
    return mean / certainty;
  });
}

/**
 * The index of the number nearest to one that is sought.
 *
 * @param {number[]} sorted growing
 * @param {number} sought
 * @returns {number} -1 where there are none
 */
export function nearest(sorted, sought) {
  if (!sorted.length) return -1;
  let low = 0;
  let high = sorted.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= sought) low = middle;
    else high = middle;
  }
  return Math.abs((sorted[high] ?? Infinity) - sought) < Math.abs((sorted[low] ?? Infinity) - sought) ? high : low;
}

/**
 * Curves over the same x as a table: one row for each x that any of them has.
 *
 * @param {string} name what x is
 * @param {{label: string, x: number[], y: (number | null)[]}[]} curves
 * @returns {Table}
 */
export function tableOf(name, curves) {
  /** @type {Map<number, (number | null)[]>} */
  const rows = new Map();
  for (const [column, { x, y }] of curves.entries()) {
    for (const [index, at] of x.entries()) {
      const row = rows.get(at) ?? new Array(curves.length).fill(null);
      row[column] = y[index] ?? null;
      rows.set(at, row);
    }
  }
  const sorted = [...rows].sort(([one], [other]) => one - other);
  return { columns: [name, ...curves.map(({ label }) => label)], rows: sorted.map(([at, row]) => [at, ...row]) };
}

/**
 * @param {Table} table
 * @returns {string} with CRLF, as RFC 4180 wants it
 */
export function csvOf({ columns, rows }) {
  const cell = (/** @type {number | string | null} */ value) => {
    const text = value === null ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
