import assert from "node:assert/strict";
import { test } from "node:test";
import { BANDS, bandOf, bandPaths, curve, nearestLink, strokeOf, threshold } from "../../static/js/core/links.js";

test("stronger weights are in higher bands, signs apart", () => {
  const bands = [0.01, 0.1, 0.5, 1, 2, 50].map(bandOf);
  assert.deepEqual(
    bands,
    [...bands].sort((a, b) => a - b),
  );
  assert.equal(bands.at(-1), BANDS - 1);
  assert.deepEqual(
    [0.1, 1, 50].map((weight) => bandOf(-weight)),
    [0.1, 1, 50].map((weight) => bandOf(weight) + BANDS),
  );
});

test("no weight, and none that is a number, draw nothing", () => {
  assert.equal(bandOf(0), -1);
  assert.equal(bandOf(NaN), -1);
});

test("width and opacity grow with strength", () => {
  const widths = Array.from({ length: BANDS }, (_, band) => strokeOf(band).width);
  assert.deepEqual(
    widths,
    [...widths].sort((a, b) => a - b),
  );
  assert.deepEqual(strokeOf(3), strokeOf(3 + BANDS));
});

test("a curve leaves and arrives level", () => {
  assert.equal(curve({ x: 0, y: 0 }, { x: 10, y: 20 }), "M0.0 0.0C5.0 0.0 5.0 20.0 10.0 20.0");
});

test("links of one band share a path", () => {
  const weights = [Float32Array.of(9, -9, 9, 0)];
  const paths = bandPaths(weights, [["a", "b", "c", "d"]], 0);
  assert.equal(paths[BANDS - 1], "ac");
  assert.equal(paths[2 * BANDS - 1], "b");
  assert.equal(paths.join(""), "acb");
});

test("of too many links the strongest are drawn", () => {
  const weights = [Float32Array.of(1, -5, 0.5), Float32Array.of(3, 2)];
  assert.equal(threshold(weights, 9), 0);
  const least = threshold(weights, 2);
  assert.equal(
    bandPaths(
      weights,
      [
        ["a", "b", "c"],
        ["d", "e"],
      ],
      least,
    )
      .join("")
      .split("")
      .sort()
      .join(""),
    "bd",
  );
});

/** Two inputs at x = 0, two units at x = 100, crossing in the middle. */
const CROSSING = [
  {
    from: [
      { x: 0, y: 0 },
      { x: 0, y: 80 },
    ],
    to: [
      { x: 100, y: 0 },
      { x: 100, y: 80 },
    ],
  },
];
const STRONG = [Float32Array.of(1, 2, 3, 4)];

test("the nearest of the links within reach is found", () => {
  const at = (/** @type {number} */ x, /** @type {number} */ y) => nearestLink({ x, y }, CROSSING, STRONG, 0, 6);
  assert.deepEqual(at(50, 3), { layer: 0, input: 0, unit: 0 });
  assert.deepEqual(at(50, 78), { layer: 0, input: 1, unit: 1 });
  assert.deepEqual(at(75, 70), { layer: 0, input: 0, unit: 1 });
  assert.deepEqual(at(75, 10), { layer: 0, input: 1, unit: 0 });
  assert.equal(at(50, 20), null);
  assert.equal(at(-10, 0), null);
  assert.equal(at(110, 80), null);
});

test("links that are not drawn are not found", () => {
  const at = { x: 50, y: 1 };
  assert.equal(nearestLink(at, CROSSING, STRONG, 1.5, 6), null);
  assert.equal(nearestLink(at, CROSSING, [Float32Array.of(0, 2, 3, 4)], 0, 6), null);
});

test("a place on a curve is on it, wherever that is", () => {
  const [from, to] = [
    { x: 10, y: 5 },
    { x: 70, y: 300 },
  ];
  const ends = [{ from: [from], to: [to] }];
  for (let t = 0.02; t < 1; t += 0.02) {
    const x = from.x + 60 * (1.5 * t - 1.5 * t ** 2 + t ** 3);
    const y = from.y + 295 * (3 * t ** 2 - 2 * t ** 3);
    assert.ok(nearestLink({ x, y }, ends, [Float32Array.of(1)], 0, 0.2), `at ${t}`);
  }
});
