import assert from "node:assert/strict";
import { test } from "node:test";
import { RedrawQueue } from "../../static/js/charts/redraws.js";

/** A clock that goes on only when it is told to. */
function slowClock() {
  let now = 1000;
  /** @type {{at: number, work: () => void}[]} */
  let timers = [];
  return {
    now: () => now,
    after: (/** @type {() => void} */ work, /** @type {number} */ wait) => {
      timers.push({ at: now + wait, work });
    },
    spend: (/** @type {number} */ cost) => {
      now += cost;
    },
    /** @param {number} until */
    run(until) {
      for (;;) {
        const next = timers.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.work();
      }
      now = Math.max(now, until);
    },
  };
}

/** @param {ReturnType<typeof slowClock>} clock @param {string[]} log @param {string} name @param {number} cost */
function chart(clock, log, name, cost) {
  return () => {
    log.push(name);
    clock.spend(cost);
  };
}

test("whoever waited longest is drawn first, one after the other", () => {
  const clock = slowClock();
  const queue = new RedrawQueue(clock);
  /** @type {string[]} */
  const log = [];
  const charts = ["a", "b", "c"].map((name) => chart(clock, log, name, 10));
  for (const redraw of charts) queue.request(redraw);
  clock.run(2000);
  assert.deepEqual(log, ["a", "b", "c"]);
});

test("all redraws together take a quarter of the time at most, and everybody has a turn", () => {
  const clock = slowClock();
  const queue = new RedrawQueue(clock);
  /** @type {string[]} */
  const log = [];
  /** @type {Record<string, number>} */
  const costs = { cheap: 5, dear: 60, dearer: 90 };
  const charts = Object.entries(costs).map(([name, cost]) => chart(clock, log, name, cost));
  const began = clock.now();
  for (let frame = 0; frame < 600; frame++) {
    for (const redraw of charts) queue.request(redraw);
    clock.run(clock.now() + 16);
  }
  const spent = log.reduce((sum, name) => sum + (costs[name] ?? 0), 0);
  assert.ok(spent / (clock.now() - began) <= 0.26, `${spent / (clock.now() - began)}`);
  const turns = Object.keys(costs).map((name) => log.filter((drawn) => drawn === name).length);
  assert.ok(Math.max(...turns) - Math.min(...turns) <= 1, `${turns}`);
});

test("a cheap chart is not redrawn more than ten times a second", () => {
  const clock = slowClock();
  const queue = new RedrawQueue(clock);
  /** @type {string[]} */
  const log = [];
  const redraw = chart(clock, log, "a", 1);
  const until = clock.now() + 1000;
  while (clock.now() < until) {
    queue.request(redraw);
    clock.run(clock.now() + 16);
  }
  assert.ok(log.length >= 8 && log.length <= 10, `${log.length}`);
});

test("what somebody has just changed does not wait for the others, whose rest it does not shorten", () => {
  const clock = slowClock();
  const queue = new RedrawQueue(clock);
  /** @type {string[]} */
  const log = [];
  const [dear, mine] = [chart(clock, log, "dear", 100), chart(clock, log, "mine", 5)];
  queue.request(dear);
  clock.run(clock.now());
  queue.request(dear);
  queue.requestAtOnce(mine);
  clock.run(clock.now() + 600);
  assert.deepEqual(log, ["dear", "mine"]);
  clock.run(clock.now() + 200);
  assert.deepEqual(log, ["dear", "mine", "dear"]);
});

test("a closed chart is not drawn", () => {
  const clock = slowClock();
  const queue = new RedrawQueue(clock);
  /** @type {string[]} */
  const log = [];
  const redraw = chart(clock, log, "a", 1);
  queue.request(redraw);
  queue.forget(redraw);
  clock.run(5000);
  assert.deepEqual(log, []);
});
