import assert from "node:assert/strict";
import { test } from "node:test";
import { spread } from "../../static/js/core/spread.js";
import { compare } from "../../static/js/elements/table.js";

test("the spread is over the epochs that all curves have, whatever their strides", () => {
  const one = { x: [0, 1, 2, 3, 4], y: [4, 3, 2, 1, 0] };
  const other = { x: [0, 2, 4, 6], y: [8, 4, 4, 1] };
  assert.deepEqual(spread([one, other]), { x: [0, 2, 4], mean: [6, 3, 2], least: [4, 2, 0], largest: [8, 4, 4] });
});

test("where one of them has no number there is no spread", () => {
  const one = { x: [0, 1, 2], y: [1, 2, 3] };
  const other = { x: [0, 1, 2], y: [1, null, NaN] };
  assert.deepEqual(spread([one, other]).x, [0]);
  assert.deepEqual(spread([]).x, []);
});

test("rows are sorted by size or alphabet, and what is missing comes last in either order", () => {
  const numbers = /** @type {(number | string | null)[]} */ ([10, null, 9, 0.5]);
  const sorted = (/** @type {boolean} */ ascending) => numbers.toSorted((a, b) => compare(a, b, ascending));
  assert.deepEqual(sorted(true), [0.5, 9, 10, null]);
  assert.deepEqual(sorted(false), [10, 9, 0.5, null]);
  assert.deepEqual(
    ["Seed 10", "Adam", "Seed 9"].sort((a, b) => compare(a, b, true)),
    ["Adam", "Seed 9", "Seed 10"],
  );
});
