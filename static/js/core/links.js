/**
 * Which links between neurons are drawn, and how strongly: links of like strength share one SVG path, so that a frame
 * changes a few attributes, however many links there are.
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
