/** Other numbers of samples than were measured: fewer points of a curve, more pixels of a map. */

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

/**
 * A square map with more pixels, linear between those that are known. The outermost pixels stay where they are.
 *
 * @param {Uint8Array} bytes line by line
 * @param {number} width
 * @param {number} height
 * @param {number} side of the new map
 */
export function enlarged(bytes, width, height, side) {
  const large = new Uint8Array(side * side);
  for (let row = 0; row < side; row++) {
    const y = (row * (height - 1)) / (side - 1);
    const above = Math.min(height - 1, Math.floor(y)) * width;
    const below = Math.min(height - 1, Math.floor(y) + 1) * width;
    for (let column = 0; column < side; column++) {
      const x = (column * (width - 1)) / (side - 1);
      const left = Math.min(width - 1, Math.floor(x));
      const right = Math.min(width - 1, left + 1);
      const [inX, inY] = [x - left, y - Math.floor(y)];
      const upper = (bytes[above + left] ?? 0) * (1 - inX) + (bytes[above + right] ?? 0) * inX;
      const lower = (bytes[below + left] ?? 0) * (1 - inX) + (bytes[below + right] ?? 0) * inX;
      large[row * side + column] = Math.round(upper * (1 - inY) + lower * inY);
    }
  }
  return large;
}
