import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { throttled } from "../../static/js/core/throttle.js";

test("the first call works at once, the last one in the end", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {number[]} */
  const done = [];
  const work = throttled(100, (/** @type {number} */ value) => done.push(value));
  [1, 2, 3].forEach((value) => work(value));
  assert.deepEqual(done, [1]);
  mock.timers.tick(100);
  assert.deepEqual(done, [1, 3]);
  work(4);
  assert.deepEqual(done, [1, 3]);
  mock.timers.tick(100);
  assert.deepEqual(done, [1, 3, 4]);
  mock.timers.tick(500);
  work(5);
  assert.deepEqual(done, [1, 3, 4, 5]);
  work(6);
  work.cancel();
  mock.timers.tick(500);
  assert.deepEqual(done, [1, 3, 4, 5]);
  mock.timers.reset();
});
