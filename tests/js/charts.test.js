/**
 * @import { PackedArray } from "../../static/js/core/types.js"
 * @import { Landscape } from "../../static/js/charts/landscape-figure.js"
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shadesOf, wayOf } from "../../static/js/charts/landscape-figure.js";
import { gridLines } from "../../static/js/charts/cards/space.js";
import { roundedUp } from "../../static/js/charts/cards/surface.js";
import { rebinned } from "../../static/js/charts/histograms.js";
import { metricsOf } from "../../static/js/charts/learning-curves.js";
import { Recording } from "../../static/js/charts/recording.js";
import { csvOf, nearest, smoothed, tableOf } from "../../static/js/charts/series.js";

test("without a weight smoothing changes nothing", () => {
  const values = [3, null, 1];
  assert.equal(smoothed(values, 0), values);
});

test("a smoothed constant stays that constant, from its first value on", () => {
  for (const value of smoothed([2, 2, 2, 2], 0.9)) assert.ok(Math.abs((value ?? 0) - 2) < 1e-12);
});

test("smoothing weighs the past exponentially, corrected for its start; gaps stay gaps", () => {
  const [first, gap, second] = smoothed([0, null, 1], 0.5);
  assert.equal(first, 0);
  assert.equal(gap, null);
  assert.equal(second, 0.5 / 0.75);
});

test("the sample next to an epoch is found", () => {
  const epochs = [0, 1, 5, 9];
  assert.deepEqual(
    [-3, 0, 2, 4, 7.5, 99].map((epoch) => nearest(epochs, epoch)),
    [0, 0, 1, 2, 3, 3],
  );
  assert.equal(nearest([], 1), -1);
});

test("curves over different epochs share one table", () => {
  const table = tableOf("epoch", [
    { label: "a", x: [0, 2], y: [1, 2] },
    { label: "b", x: [1, 2], y: [3, null] },
  ]);
  assert.deepEqual(table.columns, ["epoch", "a", "b"]);
  assert.deepEqual(table.rows, [
    [0, 1, null],
    [1, null, 3],
    [2, 2, null],
  ]);
});

test("CSV has every digit, and quotes what needs it", () => {
  const rows = [
    [0.1 + 0.2, 'Iris "versicolor", wild'],
    [null, -1e-9],
  ];
  assert.equal(
    csvOf({ columns: ["x", "name"], rows }),
    'x,name\r\n0.30000000000000004,"Iris ""versicolor"", wild"\r\n,-1e-9\r\n',
  );
});

test("metrics are told from the columns of training", () => {
  assert.deepEqual(metricsOf(["step", "epoch", "train_loss", "test_loss", "train_r2"]), ["loss", "r2"]);
});

test("a recording stays small, evenly spread, and ends with the latest", () => {
  const recording = new Recording(100);
  for (let epoch = 0; epoch <= 12_345; epoch++) recording.add(0, epoch, epoch);
  const epochs = recording.entries().map(({ epoch }) => epoch);
  assert.ok(epochs.length > 40 && epochs.length <= 101, `${epochs.length}`);
  assert.equal(epochs[0], 0);
  assert.equal(epochs.at(-1), 12_345);
  const gaps = epochs.slice(1, -1).map((epoch, index) => epoch - (epochs[index] ?? 0));
  assert.equal(new Set(gaps).size, 1);
});

test("a new origin begins a recording anew", () => {
  const recording = new Recording(10);
  recording.add(0, 1, "old");
  recording.add(1, 5, "new");
  assert.deepEqual(recording.entries(), [{ epoch: 5, value: "new" }]);
});

test("what was of a later epoch goes when a run is taken back, and an epoch is kept once", () => {
  const recording = new Recording(10);
  for (const epoch of [1, 2, 3, 4]) recording.add(0, epoch, `first ${epoch}`);
  recording.add(0, 2, "again");
  recording.add(0, 2, "edited");
  assert.deepEqual(recording.entries(), [
    { epoch: 1, value: "first 1" },
    { epoch: 2, value: "edited" },
  ]);
});

test("a histogram in other bins keeps what it counted", () => {
  const histogram = { low: 0, high: 2, counts: [3, 1] };
  assert.deepEqual(rebinned(histogram, 0, 2, 2), [0.75, 0.25]);
  assert.deepEqual(rebinned(histogram, 0, 2, 1), [1]);
  assert.deepEqual(rebinned(histogram, -2, 2, 4), [0, 0, 0.75, 0.25]);
  const finer = rebinned(histogram, 0, 2, 8);
  assert.ok(Math.abs(finer.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
  assert.equal(finer[0], 0.75 / 4);
  assert.deepEqual(rebinned({ low: 0, high: 1, counts: [0, 0] }, 0, 1, 2), [0, 0]);
});

test("an axis ends at a round number", () => {
  assert.deepEqual([0.013, 0.2, 1, 1.0001, 4, 7, 90].map(roundedUp), [0.02, 0.2, 1, 2, 5, 10, 100]);
});

test("a landscape that goes far is shaded by the logarithm of its losses, with its own numbers beside", () => {
  const near = shadesOf([
    [1, 2],
    [null, 4],
  ]);
  assert.deepEqual(near?.values, [
    [1, 2],
    [null, 4],
  ]);
  assert.deepEqual(near?.ticks.ticktext, ["1", "2", "3", "4"]);
  const far = shadesOf([
    [0, 0.01],
    [1, 10],
  ]);
  assert.deepEqual(far?.values, [
    [-2, -2],
    [0, 1],
  ]);
  assert.deepEqual(far?.ticks.ticktext, ["0.01", "0.1", "1", "10"]);
});

test("a landscape of which nothing is known has no shades, and one without loss is flat", () => {
  assert.equal(shadesOf([[null]]), null);
  const flat = shadesOf([[0, 0]]);
  assert.deepEqual([flat?.values, flat?.low, flat?.high], [[[0, 0]], 0, 0]);
});

test("a path is told in words, and there is none in random directions", () => {
  const landscape = /** @type {Landscape} */ ({
    path: [0, 4, 9].map((epoch) => ({ epoch, x: epoch - 9, y: 0, loss: 1 })),
    shares: [0.9, 0.05],
  });
  assert.deepEqual(wayOf(landscape), ["The path from epoch 0 on has 3 moments; the plane shows 95 % of it."]);
  assert.deepEqual(wayOf({ ...landscape, path: [], shares: null }), []);
});

test("the lines of a grid go both ways through its places, with gaps between", () => {
  const side = 21;
  const packed = (/** @type {(row: number, column: number) => number} */ byte) => {
    const bytes = Uint8Array.from({ length: side * side }, (_, index) => byte(Math.floor(index / side), index % side));
    const data = Buffer.from(bytes).toString("base64");
    return { shape: [side, side], data, range: /** @type {[number, number]} */ ([0, 255]) };
  };
  const grid = /** @type {[PackedArray, PackedArray]} */ ([packed((_, column) => column), packed((row) => row)]);
  const { x, y } = gridLines({ grid, samples: grid, share: null });
  assert.equal(x.filter((place) => place === null).length, 22);
  assert.equal(x.length, 22 * (side + 1));
  assert.deepEqual(x.slice(0, side), [...Array(side).keys()]);
  assert.deepEqual(y.slice(side + 1, 2 * side + 1), [...Array(side).keys()]);
  assert.deepEqual(new Set(y.slice(2 * side + 2, 3 * side + 2)), new Set([2]));
});
