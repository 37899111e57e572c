import assert from "node:assert/strict";
import { test } from "node:test";
import { shadeOf } from "../../static/js/charts/parallel.js";
import { numberAxis, within } from "../../static/js/charts/parallel-axes.js";
import { duration, gridOf, planOf, ranked, scoreOf, standing } from "../../static/js/core/trials.js";

/** @import { RangeOf, Trial } from "../../static/js/core/trials.js" */

const MOST = { fields: 6, trials: 200 };
/** @type {RangeOf} */
const RATE = { low: 0.001, high: 1, scale: "log", whole: false, points: 4 };

/** @param {Partial<RangeOf>} [changes] */
function rate(changes = {}) {
  return { title: "Learning rate", range: { ...RATE, ...changes }, options: 0 };
}

/** @param {number} options */
function activation(options) {
  return { title: "Activation", range: null, options };
}

/**
 * @param {number} index
 * @param {number | null} loss
 * @param {string} [status]
 * @returns {Trial}
 */
function trial(index, loss, status = "finished") {
  return { index, status, message: "", epoch: 5, metrics: { train: null, test: { loss } } };
}

test("a grid has its numbers at equal distances, whole ones once", () => {
  const rounded = gridOf(RATE).map((value) => Number(value.toPrecision(3)));
  assert.deepEqual(rounded, [0.001, 0.01, 0.1, 1]);
  assert.deepEqual(gridOf({ low: 1, high: 3, scale: "linear", whole: true, points: 9 }), [1, 2, 3]);
});

test("the trials are counted before anything is sent", () => {
  assert.deepEqual(planOf([rate(), activation(3)], null, MOST), { words: "4 × 3 = 12 trials", ready: true });
  assert.deepEqual(planOf([activation(1)], null, MOST), { words: "1 trial", ready: true });
  assert.deepEqual(planOf([rate(), activation(3)], 20, MOST), { words: "20 trials", ready: true });
});

test("what cannot begin is refused in words", () => {
  const words = (/** @type {Parameters<typeof planOf>} */ ...all) => {
    const { words: told, ready } = planOf(...all);
    assert.equal(ready, false);
    return told;
  };
  assert.match(words([rate({ points: 50 }), activation(5)], null, MOST), /50 × 5 = 250 trials are too many: 200/);
  assert.match(words([rate()], 201, MOST), /201 trials are too many/);
  assert.match(words([rate()], NaN, MOST), /how many/);
  assert.match(words([], null, MOST), /at least one setting/);
  assert.match(words(Array(7).fill(activation(1)), null, MOST), /6 settings at most/);
  assert.match(words([activation(0)], null, MOST), /Activation: choose/);
  assert.match(words([rate({ low: 2 })], null, MOST), /Learning rate: the first number/);
  assert.match(words([rate({ low: 0 })], null, MOST), /above 0/);
  assert.match(words([rate({ high: NaN })], null, MOST), /from where to where/);
});

test("trials are ranked by their objective; what diverged or has none has no rank", () => {
  const all = [trial(0, 0.5), trial(1, null), trial(2, 0.1, "diverged"), trial(3, 0.2), trial(4, 0.2)];
  const order = (/** @type {boolean} */ higher) => ranked(all, "test_loss", higher).map(({ index }) => index);
  assert.deepEqual(order(false), [3, 4, 0]);
  assert.deepEqual(order(true), [0, 3, 4]);
  assert.equal(scoreOf(trial(0, 0.5), "train_loss"), null);
});

test("how a sweep stands is told with what is lost and what is left", () => {
  const sweep = {
    status: "running",
    message: "2 of 3 trials are done.",
    trials: [trial(0, 0.5), trial(1, null, "diverged"), trial(2, null, "waiting")],
    done: 2,
    total: 3,
    best: 0,
    seconds_left: 8.4,
  };
  const lost = "1 of them diverged or failed and has no line.";
  assert.equal(standing(sweep), `2 of 3 trials are done. About 8 s left. ${lost}`);
  assert.equal(standing({ ...sweep, seconds_left: null, trials: [] }), "2 of 3 trials are done.");
});

test("times are told about right", () => {
  assert.deepEqual([0.2, 8.4, 200, 9000].map(duration), ["1 s", "8 s", "3 min", "3 h"]);
});

test("few numbers have a tick each, many have powers of ten or none of their own", () => {
  assert.deepEqual(numberAxis([0.01, 1, 0.1, 1], true), {
    range: [-2, 0],
    tickvals: [-2, -1, 0],
    ticktext: ["0.01", "0.1", "1"],
  });
  const many = Array.from({ length: 30 }, (_, place) => 0.002 * 1.2 ** place);
  const { ticktext = [], tickvals = [] } = numberAxis(many, true);
  const isNamed = (/** @type {string} */ text) => /\d/.test(text);
  assert.deepEqual(ticktext.filter(isNamed), ["0.01", "0.1"]);
  assert.equal(new Set(ticktext).size, tickvals.length, "Plotly tells them apart by their texts");
  const whole = Array.from({ length: 30 }, (_, place) => 4 + 2 * place);
  assert.deepEqual(numberAxis(whole, true).ticktext?.filter(isNamed), ["5", "10", "20", "50"]);
  assert.equal(numberAxis(many, false).tickvals, undefined);
  assert.deepEqual(numberAxis([3, 3], false).range, [2, 4]);
  assert.equal(numberAxis([0.9998, 0.9999], false).ticktext, undefined, "both would be called 1");
  assert.deepEqual(numberAxis([0.5, 0.86], false, true).ticktext, ["50 %", "86 %"]);
});

test("the best line has a shade of its own", () => {
  assert.deepEqual([shadeOf(0, 3), shadeOf(2, 3), shadeOf(0, 1)], [0, 1, 1]);
  assert.ok(shadeOf(1, 3) > 0 && shadeOf(198, 200) < 0.98);
});

test("a brush keeps what is in any of its ranges", () => {
  assert.equal(within(1, [0, 1]), true);
  assert.equal(
    within(3, [
      [0, 1],
      [2, 4],
    ]),
    true,
  );
  assert.equal(within(NaN, [0, 1]), false);
});
