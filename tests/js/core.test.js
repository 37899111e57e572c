import assert from "node:assert/strict";
import { test } from "node:test";
import { classTables, diverging, divergingTable, mix, parseColour, pixelOf } from "../../static/js/core/colour.js";
import { bytesOf, floatsOf, valueOf } from "../../static/js/core/decode.js";
import { count, metric, metricName, rate, tick } from "../../static/js/core/format.js";
import { thinned } from "../../static/js/core/sample.js";

test("base64 becomes bytes", () => {
  assert.deepEqual([...bytesOf("AAF/gP8=")], [0, 1, 127, 128, 255]);
});

test("float32 numbers are read as little-endian", () => {
  const data = Buffer.from(new Uint8Array([0, 0, 128, 63, 0, 0, 0, 192])).toString("base64");
  assert.deepEqual([...floatsOf({ dtype: "float32", shape: [2], data })], [1, -2]);
});

test("a quantised byte stands for a value of its range", () => {
  assert.equal(valueOf(0, [-1, 1]), -1);
  assert.equal(valueOf(255, [-1, 1]), 1);
});

test("colours are read as CSS computes them", () => {
  assert.deepEqual(parseColour("rgb(1, 2, 3)"), [1, 2, 3]);
  assert.deepEqual(parseColour("rgb(1 2 3 / 0.5)"), [1, 2, 3]);
  assert.deepEqual(parseColour("color(srgb 1 0.5 0)"), [255, 128, 0]);
});

test("a pixel is opaque and in the order of ImageData", () => {
  const bytes = new Uint8Array(Uint32Array.of(pixelOf([1, 2, 3])).buffer);
  assert.deepEqual([...bytes], [1, 2, 3, 255]);
});

test("the diverging scale is neutral in the middle and full at both ends", () => {
  /** @type {[number, number, number][]} */
  const [negative, neutral, positive] = [
    [200, 100, 0],
    [240, 240, 240],
    [0, 100, 200],
  ];
  const table = divergingTable(negative, neutral, positive);
  assert.equal(table.length, 256);
  assert.equal(table[0], pixelOf(negative));
  assert.equal(table[255], pixelOf(positive));
  assert.deepEqual(diverging(negative, neutral, positive, 0), neutral);
  assert.deepEqual(diverging(negative, neutral, positive, -9), negative);
});

test("classes are pale where the network is unsure", () => {
  const [table] = classTables([255, 255, 255], [[0, 0, 0]]);
  assert.equal(table?.[255], pixelOf([0, 0, 0]));
  assert.equal(table?.[0], pixelOf(mix([255, 255, 255], [0, 0, 0], 0.1)));
});

test("numbers are written for people", () => {
  assert.equal(count(1234567), "1,234,567");
  assert.equal(metric("loss", 0.01234), "0.0123");
  assert.equal(metric("loss", 0), "0.0000");
  assert.equal(metric("loss", 0.00001234), "1.2e−5");
  assert.equal(metric("loss", 123456), "1.235e5");
  assert.equal(metric("accuracy", 0.9876), "98.8 %");
  assert.equal(metric("loss", null), "–");
  assert.equal(metric("loss", NaN), "–");
  assert.equal(rate(0.66), "0.7");
  assert.equal(rate(29.6), "30");
  assert.equal(rate(3456), "3,460");
  assert.equal(tick(-6), "−6");
  assert.equal(tick(2.4499), "2.4");
  assert.equal(tick(1680.4), "1680");
  assert.equal(metricName("mean_absolute_error"), "Mean absolute error");
  assert.equal(metricName("r2"), "R²");
});

test("short curves are left as they are", () => {
  assert.deepEqual(thinned([0, 1, 2], [1, 2, 3], 10), [0, 1, 2]);
});

test("long curves keep their ends and extremes within the limit", () => {
  const length = 100_000;
  const x = Array.from({ length }, (_, index) => index);
  const y = x.map((index) => Math.sin(index / 5000));
  y[34_567] = 9;
  y[77_777] = -9;
  const kept = thinned(x, y, 1000);
  assert.ok(kept.length <= 1000, `${kept.length}`);
  assert.equal(kept[0], 0);
  assert.equal(kept.at(-1), length - 1);
  assert.ok(kept.includes(34_567) && kept.includes(77_777));
  assert.ok(kept.every((index, at) => at === 0 || index > (kept[at - 1] ?? 0)));
});

test("gaps in a curve are not its extremes", () => {
  const y = Array.from({ length: 100 }, (_, index) => (index % 2 ? null : index));
  const kept = thinned(
    y.map((_, index) => index),
    y,
    20,
  );
  assert.ok(kept.slice(1, -1).filter((index) => y[index] !== null).length > 10);
});
