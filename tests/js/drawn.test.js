import assert from "node:assert/strict";
import { test } from "node:test";
import { centred, extentOf, inkBox, reduced } from "../../static/js/core/drawn.js";

const SIDE = 40;

/**
 * A drawing with one filled rectangle.
 *
 * @param {{top: number, left: number, height: number, width: number}} box
 */
function drawing({ top, left, height, width }) {
  return Float32Array.from({ length: SIDE * SIDE }, (_, index) => {
    const [y, x] = [Math.floor(index / SIDE), index % SIDE];
    return Number(y >= top && y < top + height && x >= left && x < left + width);
  });
}

/** @param {ArrayLike<number>} values */
function sum(values) {
  return Array.from(values).reduce((total, value) => total + value, 0);
}

test("the box is around all ink, and there is none where there is no ink", () => {
  const box = { top: 3, left: 20, height: 10, width: 4 };
  assert.deepEqual(inkBox(drawing(box), SIDE), box);
  assert.equal(inkBox(new Float32Array(SIDE * SIDE), SIDE), null);
});

test("a reduced drawing keeps its brightness, pixel by pixel the mean", () => {
  const picture = reduced(drawing({ top: 0, left: 0, height: 5, width: 10 }), SIDE, 8);
  assert.deepEqual([...picture.slice(0, 3)], [1, 1, 0]);
  assert.equal(sum(picture), 2);
  const half = reduced(drawing({ top: 0, left: 0, height: 5, width: 5 }), SIDE, 4);
  assert.equal(half[0], 0.25);
});

test("wherever and however large a digit is drawn, the network sees the same", () => {
  const small = centred(drawing({ top: 2, left: 30, height: 10, width: 5 }), SIDE, 10, 0.8);
  const large = centred(drawing({ top: 10, left: 4, height: 20, width: 10 }), SIDE, 10, 0.8);
  assert.deepEqual(small, large);
  assert.deepEqual(inkBox(small, 10), { top: 1, left: 3, height: 8, width: 4 });
});

test("the middle is that of the mass, as far as the ink stays within", () => {
  // A T: its mass is above the middle of its box.
  const bar = drawing({ top: 5, left: 10, height: 4, width: 20 });
  const stem = drawing({ top: 9, left: 18, height: 16, width: 4 });
  const picture = centred(
    bar.map((value, index) => Math.max(value, stem[index] ?? 0)),
    SIDE,
    20,
    0.5,
  );
  const middle = sum(picture.map((value, index) => value * (Math.floor(index / 20) + 0.5))) / sum(picture);
  assert.ok(Math.abs(middle - 10) < 0.05);
  const full = centred(
    bar.map((value, index) => Math.max(value, stem[index] ?? 0)),
    SIDE,
    20,
    1,
  );
  assert.equal(inkBox(full, 20)?.height, 20);
});

test("the brightest pixel is white, and nothing stays nothing", () => {
  const thin = centred(drawing({ top: 5, left: 20, height: 30, width: 1 }), SIDE, 8, 1);
  assert.equal(Math.max(...thin), 1);
  assert.equal(sum(centred(new Float32Array(SIDE * SIDE), SIDE, 8, 1)), 0);
});

test("how large digits are is measured in the data", () => {
  const [tall, wide] = [
    drawing({ top: 0, left: 5, height: 40, width: 10 }),
    drawing({ top: 9, left: 0, height: 8, width: 20 }),
  ];
  assert.equal(extentOf([tall, wide, new Float32Array(SIDE * SIDE)], SIDE), 0.75);
  assert.equal(extentOf([], SIDE), 1);
});
