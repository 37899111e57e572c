/**
 * The trials of a sweep: how many it will have, in what order they did well, and how it stands in words.
 *
 * @typedef {object} RangeOf as app/schemas/sweep.py describes it
 * @property {number} low
 * @property {number} high
 * @property {"linear" | "log"} scale
 * @property {boolean} whole
 * @property {number} points
 *
 * @typedef {object} Searched a field that is searched
 * @property {string} title
 * @property {RangeOf | null} range null where it has options
 * @property {number} options how many of them are tried
 *
 * @typedef {object} Trial
 * @property {number} index
 * @property {string} status
 * @property {string} message
 * @property {number} epoch
 * @property {Record<string, Record<string, number | null> | null> | null} metrics
 *
 * @typedef {object} Sweep
 * @property {string} status
 * @property {string} message
 * @property {Trial[]} trials
 * @property {number} done
 * @property {number} total
 * @property {number | null} best
 * @property {number | null} seconds_left
 */
import { count } from "./format.js";

/** Trials that are over. */
const ENDED = ["finished", "diverged", "failed"];

/**
 * The numbers of a grid, each once.
 *
 * @param {RangeOf} range
 * @returns {number[]}
 */
export function gridOf({ low, high, scale, whole, points }) {
  const at = (/** @type {number} */ share) =>
    scale === "log" ? Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low))) : low + share * (high - low);
  const values = Array.from({ length: points }, (_, place) => at(place / (points - 1)));
  return [...new Set(whole ? values.map(Math.round) : values)];
}

/**
 * How many trials there will be, in words, or what keeps the sweep from beginning.
 *
 * @param {Searched[]} fields
 * @param {number | null} random how many are drawn at random; null for every combination
 * @param {{fields: number, trials: number}} most
 * @returns {{words: string, ready: boolean}}
 */
export function planOf(fields, random, most) {
  const wrong = fields.map(mistakeIn).find(Boolean);
  if (!fields.length) return refused("Choose at least one setting to try.");
  if (fields.length > most.fields) return refused(`Choose ${most.fields} settings at most.`);
  if (wrong) return refused(wrong);
  if (random !== null) {
    if (!(random >= 1)) return refused("Say how many trials are drawn.");
    if (random > most.trials) return refused(`${count(random)} trials are too many: ${most.trials} at most.`);
    return { words: trials(random), ready: true };
  }
  const sizes = fields.map(({ range, options }) => (range ? gridOf(range).length : options));
  const total = sizes.reduce((product, size) => product * size, 1);
  const words = sizes.length > 1 ? `${sizes.join(" × ")} = ${trials(total)}` : trials(total);
  if (total <= most.trials) return { words, ready: true };
  return refused(`${words} are too many: ${most.trials} at most. Try fewer values, or search at random.`);
}

/** @param {Searched} field */
function mistakeIn({ title, range, options }) {
  if (!range) return options ? "" : `${title}: choose at least one value.`;
  const { low, high, scale, points } = range;
  if (![low, high].every(Number.isFinite)) return `${title}: say from where to where.`;
  if (low >= high) return `${title}: the first number must be below the second.`;
  if (scale === "log" && low <= 0) return `${title}: logarithmic steps begin above 0.`;
  return points >= 2 ? "" : `${title}: try two values at least.`;
}

/** @param {string} words */
function refused(words) {
  return { words, ready: false };
}

/** @param {number} total */
function trials(total) {
  return `${count(total)} trial${total === 1 ? "" : "s"}`;
}

/** @param {Trial} trial */
export function hasEnded({ status }) {
  return ENDED.includes(status);
}

/**
 * How a trial did.
 *
 * @param {Trial} trial
 * @param {string} column such as `test_loss`
 * @returns {number | null}
 */
export function scoreOf({ status, metrics }, column) {
  const [part = "", name = ""] = column.split(/_(.*)/);
  const value = metrics?.[part]?.[name];
  return status === "finished" && Number.isFinite(value) ? (value ?? null) : null;
}

/**
 * The trials that have finished, the best first; of equals, the earlier.
 *
 * @template {Trial} T
 * @param {T[]} all
 * @param {string} column
 * @param {boolean} higher whether more is better
 */
export function ranked(all, column, higher) {
  const sign = higher ? -1 : 1;
  return all
    .flatMap((trial) => {
      const score = scoreOf(trial, column);
      return score === null ? [] : [{ trial, score }];
    })
    .sort((one, other) => sign * (one.score - other.score) || one.trial.index - other.trial.index)
    .map(({ trial }) => trial);
}

/**
 * How a sweep stands: the server's words, the time that is left, and what has no line in the plot.
 *
 * @param {Sweep} sweep
 */
export function standing({ message, trials: all, seconds_left: left }) {
  const lost = all.filter((trial) => hasEnded(trial) && trial.status !== "finished").length;
  const told = [
    message,
    left === null ? "" : `About ${duration(left)} left.`,
    lost ? `${lost} of them diverged or failed and ${lost > 1 ? "have" : "has"} no line.` : "",
  ];
  return told.filter(Boolean).join(" ");
}

/**
 * A time that is about right: `8 s`, `3 min`, `2 h`.
 *
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds < 99.5) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = seconds / 60;
  return minutes < 99.5 ? `${Math.round(minutes)} min` : `${Math.round(minutes / 60)} h`;
}
