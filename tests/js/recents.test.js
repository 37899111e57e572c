import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, forgotten, MOST, readRecents, remembered, smaller } from "../../static/js/core/recents.js";
import { matches } from "../../static/js/core/search.js";

/**
 * @param {string} address
 * @returns {import("../../static/js/core/recents.js").Recent}
 */
const recent = (address) => ({ address, title: address, at: 1, epoch: 3, loss: 0.5, boundary: null });

test("what was trained last stands first, once, and the oldest is forgotten", () => {
  let list = [recent("?a"), recent("?b")];
  list = remembered(list, { ...recent("?b"), epoch: 9 });
  assert.deepEqual(
    list.map(({ address, epoch }) => [address, epoch]),
    [
      ["?b", 9],
      ["?a", 3],
    ],
  );
  for (let index = 0; index < 20; index++) list = remembered(list, recent(`?${index}`));
  assert.equal(list.length, MOST);
  assert.equal(list[0]?.address, "?19");
  assert.equal(forgotten(list, "?19").length, MOST - 1);
});

test("what storage holds is not trusted", () => {
  assert.deepEqual(readRecents(null), []);
  assert.deepEqual(readRecents("{"), []);
  assert.deepEqual(readRecents("5"), []);
  assert.deepEqual(readRecents(JSON.stringify([null, 3, { address: 5 }, recent("?a")])), [recent("?a")]);
});

test("a smaller map keeps its corners and its range", () => {
  const bytes = Uint8Array.from({ length: 100 * 100 }, (_, index) => (index % 100) + (index < 100 ? 100 : 0));
  const data = Buffer.from(bytes).toString("base64");
  const small = smaller({ x_range: [-6, 6], y_range: [-6, 6], value: { shape: [100, 100], data, range: [-1, 1] } }, 25);
  const kept = Buffer.from(small.value?.data ?? "", "base64");
  assert.deepEqual([small.value?.shape, small.value?.range, kept.length], [[25, 25], [-1, 1], 625]);
  assert.deepEqual([kept[0], kept[24], kept[600], kept[624]], [100, 199, 0, 99]);
  assert.equal(small.class, undefined);
});

test("times are told as people say them", () => {
  assert.equal(ago(5_000), "just now");
  assert.equal(ago(61_000), "1 minute ago");
  assert.equal(ago(3 * 3_600_000), "3 hours ago");
  assert.equal(ago(86_400_000), "yesterday");
});

test("a search finds words in any order, also unfinished", () => {
  assert.ok(matches("Momentum: a rolling ball", "BALL mom"));
  assert.ok(matches("anything", "  "));
  assert.ok(!matches("Momentum: a rolling ball", "ball adam"));
});
