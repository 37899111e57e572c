/** Several curves as one: their mean, and how far apart they are. */

/**
 * Over the epochs that all of the curves have, with a number each. Histories thin by doubling strides, so that of two
 * curves the one that has come farther has fewer of the first epochs, and the other has those, too.
 *
 * @param {{x: number[], y: (number | null)[]}[]} curves each x growing
 * @returns {{x: number[], mean: number[], least: number[], largest: number[]}}
 */
export function spread(curves) {
  const known = curves.map(({ x, y }) => new Map(x.map((epoch, index) => [epoch, y[index] ?? null])));
  const rows = (curves[0]?.x ?? []).flatMap((epoch) => {
    const values = known.map((curve) => curve.get(epoch) ?? null);
    return values.every(isNumber) ? [{ epoch, values: /** @type {number[]} */ (values) }] : [];
  });
  return {
    x: rows.map(({ epoch }) => epoch),
    mean: rows.map(({ values }) => values.reduce((sum, value) => sum + value, 0) / values.length),
    least: rows.map(({ values }) => Math.min(...values)),
    largest: rows.map(({ values }) => Math.max(...values)),
  };
}

/** @param {number | null} value */
function isNumber(value) {
  return value !== null && Number.isFinite(value);
}
