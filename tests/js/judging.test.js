import assert from "node:assert/strict";
import { test } from "node:test";
import { calibration, classScores, mistakes, ofCell } from "../../static/js/core/judging.js";

/** @import { Answers } from "../../static/js/core/picture-types.js" */

/** @type {Answers} */
const ANSWERS = {
  rows: [10, 11, 12, 13, 14],
  labels: [0, 0, 1, 1, 2],
  predicted: [0, 1, 1, 0, 2],
  probability: [0.95, 0.55, 0.95, 0.85, 1],
  loss: [0.05, 0.9, 0.05, 2.5, 0],
};

test("precision is a share of what was called so, recall of what is so", () => {
  const scores = classScores([
    [8, 2, 0],
    [0, 6, 0],
    [0, 0, 0],
  ]);
  assert.deepEqual(scores, [
    { support: 10, precision: 1, recall: 0.8 },
    { support: 6, precision: 0.75, recall: 1 },
    { support: 0, precision: null, recall: null },
  ]);
});

test("the calibration error is the distance of confidence and accuracy, by count", () => {
  const { bins, error } = calibration(ANSWERS);
  assert.deepEqual(
    bins.map(({ count, accuracy }) => [count, accuracy]),
    [
      [1, 0],
      [1, 0],
      [3, 1],
    ],
  );
  // One answer of 0.55 and one of 0.85 are wrong; three of 0.9667 on average are right.
  assert.ok(Math.abs(error - (0.55 + 0.85 + 3 * (1 - 2.9 / 3)) / 5) < 1e-12);
  assert.deepEqual(calibration({ ...ANSWERS, rows: [], labels: [], predicted: [], probability: [], loss: [] }), {
    bins: [],
    error: 0,
  });
});

test("the worst mistake comes first, and what is right is none", () => {
  assert.deepEqual(mistakes(ANSWERS), [3, 1]);
});

test("a cell holds what is of one class and was called another", () => {
  assert.deepEqual(ofCell(ANSWERS, 1, 0), [3]);
  assert.deepEqual(ofCell(ANSWERS, 0, 0), [0]);
  assert.deepEqual(ofCell(ANSWERS, 2, 1), []);
});
