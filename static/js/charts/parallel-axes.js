/**
 * The axes of parallel coordinates: their ranges, their ticks, and what a brush on one of them keeps.
 *
 * @typedef {object} FieldAxis as app/web/sweeps/page.py writes it
 * @property {string} path
 * @property {string} title
 * @property {number[]} values of each trial; of categories, their places
 * @property {string[]} [names] of categories
 * @property {number} [low]
 * @property {number} [high]
 * @property {boolean} [log]
 *
 * @typedef {[number, number] | [number, number][]} Brush one range of an axis, or several
 */
import { tick } from "../core/format.js";

/** An axis of so many different numbers has a tick for each. */
const FEW = 8;
/** Numbers that are the same in so many digits are the same. */
const SAME = 6;
/** A space of no width. */
const INVISIBLE = "\u200b";
/** From this ratio of the highest objective to the lowest on, its axis is logarithmic. */
const WIDE = 30;

/**
 * @param {number} value
 * @param {Brush} brush
 */
export function within(value, brush) {
  const ranges = /** @type {[number, number][]} */ (Array.isArray(brush[0]) ? brush : [brush]);
  return ranges.some(([low, high]) => value >= low && value <= high);
}

/**
 * @param {number} value
 * @param {boolean} log
 */
export function onAxis(value, log) {
  return log ? Math.log10(value) : value;
}

/** @param {FieldAxis} field */
export function fieldAxis({ values, names, low = 0, high = 1, log = false }) {
  if (names) {
    const places = names.map((_, place) => place);
    const range = /** @type {[number, number]} */ (names.length > 1 ? [0, names.length - 1] : [-1, 1]);
    return { range, tickvals: places, ticktext: names };
  }
  return numberAxis([low, ...values, high], log);
}

/**
 * The range and the ticks of an axis of numbers: a tick for each where they are few, powers of ten where it is logarithmic.
 *
 * @param {number[]} values
 * @param {boolean} log
 * @param {boolean} [percent] whether they are told in percent
 * @returns {{range: [number, number], tickvals?: number[], ticktext?: string[], tickformat?: string}}
 */
export function numberAxis(values, log, percent = false) {
  const few = [...new Set(values.map((value) => Number(value.toPrecision(SAME))))].sort((one, other) => one - other);
  const [low = 0, high = 1] = [few[0], few.at(-1)];
  const range = /** @type {[number, number]} */ (
    low < high ? [onAxis(low, log), onAxis(high, log)] : [onAxis(low, log) - 1, onAxis(low, log) + 1]
  );
  const texts = few.map((value) => (percent ? `${tick(value * 100)} %` : tick(value)));
  if (few.length <= FEW && new Set(texts).size === few.length) {
    return { range, tickvals: few.map((value) => onAxis(value, log)), ticktext: texts };
  }
  return log ? { range, ...logTicks(low, high) } : { range, tickformat: percent ? ".3~p" : ".3~g" };
}

/**
 * Ticks at one to nine of each power of ten; the powers are named, and where there is one at most, those at two and five.
 *
 * @param {number} low
 * @param {number} high
 */
function logTicks(low, high) {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const all = Array.from({ length: last - first + 1 }, (_, place) =>
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => ({ digit, value: Number(`${digit}e${first + place}`) })),
  );
  const ticks = all.flat().filter(({ value }) => value >= low && value <= high);
  const named = ticks.filter(({ digit }) => digit === 1).length > 1 ? [1] : [1, 2, 5];
  return {
    tickvals: ticks.map(({ value }) => Math.log10(value)),
    // Plotly tells ticks apart by their texts: those without a name have invisible ones.
    ticktext: ticks.map(({ digit, value }, place) =>
      named.includes(digit) ? tick(value) : INVISIBLE.repeat(place + 1),
    ),
  };
}

/** @param {number[]} scores */
export function isWide(scores) {
  const low = Math.min(...scores);
  return low > 0 && Math.max(...scores) / low > WIDE;
}
