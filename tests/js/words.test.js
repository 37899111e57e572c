import assert from "node:assert/strict";
import { test } from "node:test";
import { INITIAL } from "../../static/js/core/state.js";
import { announcement, statusWords } from "../../static/js/core/words.js";

/** @typedef {import("../../static/js/core/types.js").LabState} LabState */

test("every status has words", () => {
  /** @type {[Partial<LabState>, string, string][]} */
  const cases = [
    [{ status: "created" }, "Ready", "Press play, or the space bar"],
    [{ status: "queued", queuePlace: 3 }, "Waiting", "Place 3 in the queue"],
    [
      { status: "compiling", message: "Compiling a network of 3 layers. This takes a few seconds, once." },
      "Compiling…",
      "A few seconds, once: a network of 3 layers",
    ],
    [{ status: "running", rate: 29.7 }, "Running", "30 epochs/s"],
    [{ status: "running", rate: null, step: 1200 }, "Running", "Step 1,200"],
    [{ status: "paused", step: 1200 }, "Paused", "Step 1,200"],
    [{ status: "diverged", step: 12 }, "Diverged at step 13", "Lower the learning rate, then reset"],
    [{ status: "finished", message: "Stopped early." }, "Finished", "Stopped early."],
    [{ status: "failed" }, "Failed", "See the message below"],
    [{ status: "running", connected: false }, "Connection lost", "Trying again…"],
    [{ status: "running", connected: false, kept: 1 }, "Connection lost", "1 change kept"],
    [{ status: "running", catchingUp: 340, epoch: 12, kept: 2 }, "Catching up…", "Epoch 12 of 340, 2 changes kept"],
  ];
  for (const [changes, title, detail] of cases) {
    const words = statusWords({ ...INITIAL, ...changes });
    assert.equal(words.title, title);
    assert.equal(words.detail, detail);
  }
});

test("what went wrong is told in full", () => {
  const problem = { title: "Training diverged", detail: "Diverged at step 4 in layer 2. Try a smaller learning rate." };
  assert.equal(statusWords({ ...INITIAL, status: "diverged", problem }).trouble, problem.detail);
  assert.match(announcement({ ...INITIAL, status: "diverged", problem }), /layer 2/);
});

test("progress is announced with both losses", () => {
  const metrics = { train: { loss: 0.5 }, validation: null, test: { loss: 0.25 } };
  const words = announcement({ ...INITIAL, status: "running", epoch: 1500, metrics });
  assert.equal(words, "Running, epoch 1,500, training loss 0.5000, test loss 0.2500");
});
