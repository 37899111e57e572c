/**
 * How well a network that tells classes apart does it: what the confusion matrix and its answers say, as numbers.
 *
 * @import { Answers } from "./picture-types.js"
 */

/**
 * @typedef {object} ClassScore of one class; null where nothing can be divided by
 * @property {number} support how many samples are of it
 * @property {number | null} precision the share of what was called so that is so
 * @property {number | null} recall the share of what is so that was called so
 *
 * @typedef {object} Bin answers of similar confidence
 * @property {number} count
 * @property {number} confidence their mean
 * @property {number} accuracy the share that is right
 */

/**
 * @param {number[][]} matrix rows are actual classes, columns predicted ones
 * @returns {ClassScore[]}
 */
export function classScores(matrix) {
  const share = (/** @type {number} */ part, /** @type {number} */ all) => (all ? part / all : null);
  const sum = (/** @type {number[]} */ values) => values.reduce((total, value) => total + value, 0);
  return matrix.map((row, index) => {
    const right = row[index] ?? 0;
    const support = sum(row);
    return {
      support,
      precision: share(right, sum(matrix.map((other) => other[index] ?? 0))),
      recall: share(right, support),
    };
  });
}

/**
 * Answers in bins of equal width by confidence, empty ones left out, and the expected calibration error: the mean distance
 * of confidence and accuracy, each bin by its count (Naeini, Cooper and Hauskrecht 2015).
 *
 * @param {Answers} answers
 * @param {number} [bins]
 * @returns {{bins: Bin[], error: number}}
 */
export function calibration({ labels, predicted, probability }, bins = 10) {
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (const [index, sure] of probability.entries()) {
    const bin = sums[Math.min(bins - 1, Math.floor(sure * bins))];
    if (!bin) continue;
    bin.count += 1;
    bin.confidence += sure;
    bin.right += Number(labels[index] === predicted[index]);
  }
  const filled = sums
    .filter(({ count }) => count)
    .map(({ count, confidence, right }) => ({ count, confidence: confidence / count, accuracy: right / count }));
  const error = filled.reduce((total, bin) => total + bin.count * Math.abs(bin.confidence - bin.accuracy), 0);
  return { bins: filled, error: probability.length ? error / probability.length : 0 };
}

/**
 * Where in the answers the wrong ones are, the worst first.
 *
 * @param {Answers} answers
 * @returns {number[]}
 */
export function mistakes({ labels, predicted, loss }) {
  const wrong = labels.map((_, index) => index).filter((index) => labels[index] !== predicted[index]);
  return wrong.sort((a, b) => (loss[b] ?? 0) - (loss[a] ?? 0));
}

/**
 * Where in the answers those of a cell of the confusion matrix are.
 *
 * @param {Answers} answers
 * @param {number} actual
 * @param {number} called the predicted class
 * @returns {number[]}
 */
export function ofCell({ labels, predicted }, actual, called) {
  return labels.map((_, index) => index).filter((at) => labels[at] === actual && predicted[at] === called);
}
