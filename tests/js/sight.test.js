import assert from "node:assert/strict";
import { test } from "node:test";
import { layerDetail, layerTitle, placeWords, shapeWords } from "../../static/js/core/layers.js";
import { runningSum } from "../../static/js/core/running-sum.js";
import { MOST_MAPS, exactLayer, rowLayout, sharesOf, signedBytes, sightOf } from "../../static/js/core/sight.js";
import { tiled } from "../../static/js/core/tiles.js";

/** @param {ArrayLike<number>} values */
const base64 = (values) => Buffer.from(Uint8Array.from(values)).toString("base64");
/** @param {number[]} values */
const floats = (values) => ({
  shape: [values.length],
  data: Buffer.from(Float32Array.from(values).buffer).toString("base64"),
});

test("what a frame brings and what was asked for are drawn alike", () => {
  const sight = sightOf({
    row: 3,
    label: 1,
    predicted: 0,
    input: { shape: [1, 1, 2], data: base64([0, 255]) },
    layers: [
      { shape: [2, 1, 2], channels: 2, maps: { shape: [2, 1, 2], data: base64([0, 128, 191, 255]) } },
      { shape: [2], values: floats([0.5, -1]) },
    ],
    outputs: floats([0.25, 0.75]),
    box: null,
  });
  assert.deepEqual([...sight.outputs], [0.25, 0.75]);
  const maps = exactLayer([2, 1, 2], Float32Array.from([-2, 0, 1, 2]));
  assert.equal(maps.shown, sight.layers[0]?.shown);
  assert.deepEqual([...maps.bytes], [...(sight.layers[0]?.bytes ?? [])]);
  assert.deepEqual(exactLayer([2], Float32Array.from([0.5, -1])), sight.layers[1]);
});

test("of many maps the first are shown", () => {
  const layer = exactLayer([64, 2, 2], new Float32Array(256));
  assert.equal(layer.shown, MOST_MAPS);
  assert.equal(layer.bytes.length, MOST_MAPS * 4);
});

test("bytes are around nothing, also where all is nothing", () => {
  assert.deepEqual([...signedBytes([-1, 0, 1])], [0, 128, 255]);
  assert.deepEqual([...signedBytes([0, 0])], [128, 128]);
});

test("one output of two classes is shared between them", () => {
  assert.deepEqual(sharesOf([0.75], 2, "sigmoid"), [0.25, 0.75]);
  assert.deepEqual(sharesOf([0.5], 2, "tanh"), [0.25, 0.75]);
  assert.deepEqual(sharesOf([0.1, 0.9, 0.3, 0.3, 0.2, 0.2], 2, "softmax"), [0.1, 0.9]);
});

test("rows of units have cells for all of them", () => {
  for (const units of [1, 10, 64, 84, 256, 1024]) {
    const { columns, lines } = rowLayout(units);
    assert.ok(columns * lines >= units && columns * (lines - 1) < units);
  }
});

test("kernels lie in a square, a pixel apart", () => {
  const { height, width, indexAt } = tiled(3, 2);
  assert.deepEqual([height, width], [5, 5]);
  assert.deepEqual(
    [indexAt(0, 0), indexAt(1, 1), indexAt(0, 2), indexAt(0, 3), indexAt(3, 0), indexAt(3, 3)],
    [0, 3, -1, 4, 8, -1],
  );
});

test("products are added up channel by channel, line by line", () => {
  const terms = runningSum({
    shape: [2, 1, 2],
    values: [1, 2, 3, 4],
    weights: [1, -1, 0.5, 2],
    products: [1, -2, 1.5, 8],
  });
  assert.deepEqual(
    terms.map(({ channel, line, column, sum }) => [channel, line, column, sum]),
    [
      [0, 0, 0, 1],
      [0, 0, 1, -1],
      [1, 0, 0, 0.5],
      [1, 0, 1, 8.5],
    ],
  );
});

test("layers are told in few words", () => {
  const layer = { kind: "conv2d", kernel: 5, stride: 2, padding: 1, dilation: 1, activation: "leaky_relu" };
  assert.equal(layerTitle(layer), "Convolution");
  assert.equal(layerDetail(layer), "5 × 5, stride 2, padding 1, leaky ReLU");
  assert.equal(layerDetail({ kind: "max_pool", size: 2, stride: null }), "2 × 2");
  assert.equal(shapeWords([6, 8, 8]), "6 maps of 8 × 8");
  assert.equal(shapeWords([1024]), "1,024 numbers");
  assert.equal(placeWords({ channel: 0, y: 4, x: 6 }), "map 1, row 5, column 7");
  assert.equal(placeWords({ unit: 9 }), "unit 10");
});
