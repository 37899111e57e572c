import assert from "node:assert/strict";
import { test } from "node:test";
import { BANDS, bandOf, bandPaths, curve, strokeOf, threshold } from "../../static/js/core/links.js";

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
