/**
 * Which links between neurons are drawn, how strongly, and which of them lies near a place. Links of like strength share
 * one SVG path, so that a frame changes a few attributes, however many links there are.
 */

/** Strengths that the eye can tell apart; each is a path for either sign. */
export const BANDS = 10;
/** A weight of this magnitude has the full strength. */
const FULL = 2.5;
/** More links than this would be a grey cloud; the strongest are drawn. */
export const MOST_LINKS = 800;

/**
 * @typedef {object} Place where a link begins or ends
 * @property {number} x
 * @property {number} y
 *
 * @typedef {object} Ends where the links of a layer begin, by input, and where they end, by unit
 * @property {Place[]} from
 * @property {Place[]} to
 *
 * @typedef {object} Link
 * @property {number} layer
 * @property {number} input
 * @property {number} unit
 */

/**
 * The curve between two places, as a piece of a path.
 *
 * @param {Place} from
 * @param {Place} to
 */
export function curve(from, to) {
  const bend = (to.x - from.x) / 2;
  const [x1, x2] = [from.x + bend, to.x - bend].map((x) => x.toFixed(1));
  const [y1, y2] = [from.y.toFixed(1), to.y.toFixed(1)];
  return `M${from.x.toFixed(1)} ${y1}C${x1} ${y1} ${x2} ${y2} ${to.x.toFixed(1)} ${y2}`;
}

/**
 * The band of a weight: 0 to BANDS - 1 for positive ones, BANDS to 2·BANDS - 1 for negative ones, -1 for none at all.
 *
 * @param {number} weight
 */
export function bandOf(weight) {
  const strength = Math.min(1, Math.abs(weight) / FULL);
  if (!(strength > 0.004)) return -1;
  const band = Math.min(BANDS - 1, Math.floor(Math.sqrt(strength) * BANDS));
  return weight > 0 ? band : BANDS + band;
}

/**
 * Width and opacity of the links of a band.
 *
 * @param {number} band
 */
export function strokeOf(band) {
  const part = ((band % BANDS) + 1) / BANDS;
  return { width: Number((0.6 + 4.4 * part * part).toFixed(2)), opacity: Number((0.25 + 0.65 * part).toFixed(2)) };
}

/**
 * The smallest magnitude among the links that are drawn: 0 where all are.
 *
 * @param {Float32Array[]} layers
 * @param {number} most
 */
export function threshold(layers, most = MOST_LINKS) {
  const total = layers.reduce((sum, weights) => sum + weights.length, 0);
  if (total <= most) return 0;
  const magnitudes = new Float32Array(total);
  let at = 0;
  for (const weights of layers) for (const weight of weights) magnitudes[at++] = Math.abs(weight);
  magnitudes.sort();
  return magnitudes[total - most] ?? 0;
}

/**
 * The paths of all bands: the pieces of all links, joined.
 *
 * @param {Float32Array[]} layers weights of each layer, (inputs, units) in C order
 * @param {string[][]} curves the pieces in the same order
 * @param {number} least magnitude that is drawn
 * @returns {string[]} one for each band
 */
export function bandPaths(layers, curves, least) {
  /** @type {string[][]} */
  const bands = Array.from({ length: 2 * BANDS }, () => []);
  for (const [layer, weights] of layers.entries()) {
    const pieces = curves[layer] ?? [];
    for (let index = 0; index < weights.length; index++) {
      const weight = weights[index] ?? 0;
      const band = Math.abs(weight) < least ? -1 : bandOf(weight);
      if (band >= 0) bands[band]?.push(pieces[index] ?? "");
    }
  }
  return bands.map((pieces) => pieces.join(""));
}

/**
 * The drawn link that lies nearest to a place, if one is within reach. A curve crosses every x once, so that one look at
 * each link will do.
 *
 * @param {Place} at
 * @param {Ends[]} layers
 * @param {Float32Array[]} weights
 * @param {number} least magnitude that is drawn
 * @param {number} reach pixels
 * @returns {Link | null}
 */
export function nearestLink(at, layers, weights, least, reach) {
  /** @type {Link | null} */
  let nearest = null;
  let shortest = reach;
  for (const [layer, { from, to }] of layers.entries()) {
    const values = weights[layer] ?? [];
    for (const [input, start] of from.entries()) {
      for (const [unit, end] of to.entries()) {
        const weight = values[input * to.length + unit] ?? 0;
        if (Math.abs(weight) < least || bandOf(weight) < 0) continue;
        const distance = distanceTo(at, start, end, shortest);
        if (distance >= shortest) continue;
        shortest = distance;
        nearest = { layer, input, unit };
      }
    }
  }
  return nearest;
}

/**
 * How far a place is from a curve, to first order; Infinity where that is more than `reach` anyway.
 *
 * @param {Place} at
 * @param {Place} from
 * @param {Place} to
 * @param {number} reach
 */
function distanceTo(at, from, to, reach) {
  const [width, height] = [to.x - from.x, to.y - from.y];
  if (at.x < from.x || at.x > to.x) return Infinity;
  if (at.y < Math.min(from.y, to.y) - reach || at.y > Math.max(from.y, to.y) + reach) return Infinity;
  // Along the Bézier curve x grows as 1.5 t − 1.5 t² + t³ and y as 3 t² − 2 t³; Newton's method finds t.
  const part = (at.x - from.x) / width;
  let t = part;
  for (let turn = 0; turn < 3; turn++) t -= (t * (1.5 + t * (t - 1.5)) - part) / (1.5 + t * (3 * t - 3));
  const y = from.y + height * t * t * (3 - 2 * t);
  const slope = (height * 6 * t * (1 - t)) / (width * (1.5 + t * (3 * t - 3)));
  return Math.abs(at.y - y) / Math.hypot(1, slope);
}
