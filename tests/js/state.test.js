import assert from "node:assert/strict";
import { test } from "node:test";
import { INITIAL, reduce } from "../../static/js/core/state.js";
import { frame, points, status } from "./messages.js";

/**
 * @param {...import("../../static/js/core/types.js").Message} messages
 */
function after(...messages) {
  return messages.reduce(reduce, reduce(INITIAL, { type: "watch", run: "a" }));
}

test("a frame brings its parts and keeps what it does not hold", () => {
  const metrics = { train: { loss: 0.5 }, validation: null, test: null };
  const state = after(frame({ metrics, step: 3, epoch: 1 }), frame({ step: 4, epoch: 2 }));
  assert.equal(state.metrics, metrics);
  assert.equal(state.step, 4);
  assert.equal(state.epoch, 2);
});

test("states are never changed in place", () => {
  const before = after(frame({ points: points([[0, 0, 0, 1]]) }));
  const rows = before.points.rows;
  reduce(before, frame({ points: points([[10, 1, 0, 0.5]]) }));
  assert.equal(before.points.rows, rows);
  assert.equal(rows.length, 1);
});

test("points are appended, each step once", () => {
  const state = after(
    frame({ points: points([[0, 0, 0, 1]]) }),
    frame({ points: points([[10, 1, 0, 0.5]]) }),
    frame({
      points: points([
        [10, 1, 0, 0.5],
        [20, 2, 0, 0.4],
      ]),
    }),
  );
  assert.deepEqual(
    state.points.rows.map((row) => row[0]),
    [0, 10, 20],
  );
});

test("a new origin drops the old curve", () => {
  const first = after(frame({ points: points([[0, 0, 0, 1]]) }));
  assert.deepEqual(reduce(first, frame({ origin: 2, revision: 2 })).points.rows, []);
  const second = reduce(first, frame({ origin: 2, revision: 2, points: points([[0, 0, 2, 0.9]]) }));
  assert.deepEqual(second.points.rows, [[0, 0, 2, 0.9]]);
});

test("other columns are another curve", () => {
  const first = after(frame({ points: points([[0, 0, 0, 1]]) }));
  const news = { columns: ["step", "epoch", "revision", "train_loss", "train_r2"], rows: [[5, 1, 0, 1, 0.2]] };
  assert.equal(reduce(first, frame({ points: news })).points, news);
});

test("messages of other runs and of older revisions change nothing", () => {
  const state = after(frame({ revision: 5, step: 7 }));
  assert.equal(reduce(state, frame({ run: "b", revision: 9 })), state);
  assert.equal(reduce(state, frame({ revision: 4 })), state);
  assert.equal(reduce(state, status({ revision: 4, status: "paused" })), state);
});

test("another run begins from nothing", () => {
  const state = reduce(after(frame({ step: 7 })), { type: "watch", run: "b" });
  assert.equal(state.step, 0);
  assert.equal(state.run, "b");
});

test("epochs per second are measured over the last two seconds", () => {
  let state = after();
  for (let at = 0; at <= 5000; at += 100) state = reduce(state, frame({ epoch: at < 3000 ? 0 : (at - 3000) / 10 }, at));
  assert.ok(state.rate !== null && Math.abs(state.rate - 100) < 1, `${state.rate}`);
  assert.equal(reduce(state, status({ status: "paused" })).rate, null);
});

test("what the visitor asked for shows at once, and what the server says counts in the end", () => {
  const asked = reduce(after(status({ status: "paused" })), { type: "intent", playing: true });
  assert.equal(asked.playing, true);
  assert.equal(reduce(asked, status({ status: "paused" })).playing, false);
});

test("whether a run will train is the server's word, also while it compiles", () => {
  assert.equal(after(status({ status: "compiling", playing: true })).playing, true);
  assert.equal(after(frame({ status: "compiling", playing: false })).playing, false);
});

test("a problem is forgotten once the run goes on", () => {
  const problem = { run: "a", title: "Training diverged", detail: "at step 4" };
  const troubled = after(status({ status: "diverged" }), { type: "problem", problem });
  assert.equal(troubled.problem, problem);
  assert.equal(reduce(troubled, status({ status: "created" })).problem, null);
});

test("a lost connection is told and keeps everything", () => {
  const state = reduce(after(frame({ step: 7 })), { type: "connection", open: false });
  assert.equal(state.connected, false);
  assert.equal(state.step, 7);
});

test("where the run was when the connection was lost is remembered until it is back", () => {
  const lost = after(frame({ epoch: 12 }), { type: "connection", open: false }, { type: "intent", playing: false });
  assert.deepEqual(lost.left, { epoch: 12, playing: true });
  assert.equal(reduce(lost, { type: "connection", open: true }).left, null);
});

test("a run made anew catches up until it is there, or has stopped", () => {
  const behind = after({ type: "catch-up", epoch: 12 }, frame({ epoch: 5 }));
  assert.equal(behind.catchingUp, 12);
  assert.equal(reduce(behind, frame({ epoch: 12 })).catchingUp, null);
  assert.equal(reduce(behind, status({ status: "diverged", epoch: 6 })).catchingUp, null);
  assert.equal(after({ type: "catch-up", epoch: 0 }).catchingUp, null);
});

test("changes that wait are still there when another run is watched", () => {
  const state = after({ type: "kept", count: 2 }, { type: "watch", run: "b" });
  assert.equal(state.kept, 2);
});

test("what nobody watches is forgotten, and nothing else", () => {
  const state = after(frame({ gradient_norms: { layers: [1, 2] }, surface: null, points: points([[0, 0, 0, 1]]) }));
  const forgetful = reduce(state, { type: "forget", parts: ["gradient_norms", "predictions"] });
  assert.equal(forgetful.gradient_norms, null);
  assert.equal(forgetful.points, state.points);
  assert.equal(reduce(forgetful, { type: "forget", parts: ["gradient_norms"] }), forgetful);
});
