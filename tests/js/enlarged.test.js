import assert from "node:assert/strict";
import { test } from "node:test";
import { enlarged } from "../../static/js/core/sample.js";

test("an enlarged map keeps its corners and is linear between them", () => {
  const large = enlarged(Uint8Array.of(0, 100, 200, 100), 2, 2, 5);
  const row = (/** @type {number} */ index) => [...large.slice(index * 5, index * 5 + 5)];
  assert.deepEqual(row(0), [0, 25, 50, 75, 100]);
  assert.deepEqual(row(4), [200, 175, 150, 125, 100]);
  assert.deepEqual(row(2), [100, 100, 100, 100, 100]);
});

test("a map of as many pixels stays as it is", () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, index) => index * 16);
  assert.deepEqual(enlarged(bytes, 4, 4, 4), bytes);
});
