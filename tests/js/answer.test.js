import assert from "node:assert/strict";
import { test } from "node:test";
import { answerWords } from "../../static/js/core/answer.js";
import { exact } from "../../static/js/core/format.js";

/** @import { PointSet } from "../../static/js/core/types.js" */

/** @param {Partial<PointSet>} fields @returns {PointSet} */
function set(fields) {
  const usual = {
    points: [],
    parts: [],
    domain: [
      [-6, 6],
      [-6, 6],
    ],
    axis_names: ["x1", "x2"],
    class_names: ["-1", "+1"],
  };
  return /** @type {PointSet} */ ({ ...usual, task: "classification", ...fields });
}

test("a single output is told exactly, with the class on its side of the middle", () => {
  assert.equal(
    answerWords(set({}), [1.23456, -0.5], [0.8123456], 0),
    "x₁ = 1.235, x₂ = −0.5000\nOutput 0.8123: class +1",
  );
  assert.match(answerWords(set({}), [0, 0], [0.4], 0.5), /Output 0\.4000: class −1$/);
});

test("of several outputs the largest is told, in percent where they are chances", () => {
  const three = set({ class_names: ["setosa", "versicolor", "virginica"], axis_names: ["age", "x2"] });
  assert.equal(answerWords(three, [1, 2], [0.1, 0.7, 0.2], 0), "age = 1.000, x₂ = 2.000\nClass versicolor: 70.0 %");
  assert.match(answerWords(three, [1, 2], [0.9, 0.7, 0.2], 0), /Class setosa: output 0\.9000$/);
  assert.match(answerWords(three, [1, 2], [-1, 1.5, 0.5], 0), /Class versicolor: output 1\.500$/);
});

test("a value is a value, and a question is still open", () => {
  assert.match(answerWords(set({ task: "regression" }), [0, 0], [-3.14159], 0), /Output −3\.142$/);
  assert.match(answerWords(set({}), [0, 0], null, 0), /\n…$/);
});

test("exact numbers have four significant digits", () => {
  assert.deepEqual([0.31267, -12.3456, 0, 0.00012345, 123456].map(exact), [
    "0.3127",
    "−12.35",
    "0.000",
    "1.234e−4",
    "1.235e5",
  ]);
});
