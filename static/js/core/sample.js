/**
 * Fewer points for drawing, so that a curve still shows its extremes.
 *
 * @param {ArrayLike<number>} x growing
 * @param {ArrayLike<number | null>} y
 * @param {number} most how many points may be left, at least 4
 * @returns {number[]} indices, growing, the first and the last among them
 */
export function thinned(x, y, most) {
  const length = Math.min(x.length, y.length);
  if (length <= most) return Array.from({ length }, (_, index) => index);
  const buckets = Math.floor((most - 2) / 2);
  const kept = new Set([0, length - 1]);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * (length - 2)) / buckets);
    const to = 1 + Math.floor(((bucket + 1) * (length - 2)) / buckets);
    let low = from;
    let high = from;
    for (let index = from; index < to; index++) {
      if ((y[index] ?? Infinity) < (y[low] ?? Infinity)) low = index;
      if ((y[index] ?? -Infinity) > (y[high] ?? -Infinity)) high = index;
    }
    kept.add(low).add(high);
  }
  return [...kept].sort((a, b) => a - b);
}
