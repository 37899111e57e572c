import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsOf, within } from "../../static/js/core/receptive.js";

/** @import { PictureLayer } from "../../static/js/core/picture-types.js" */

const LENET = [
  { kind: "conv2d", kernel: 5, stride: 1, padding: 2, dilation: 1 },
  { kind: "max_pool", size: 2, stride: null },
  { kind: "conv2d", kernel: 3, stride: 1, padding: 1, dilation: 1 },
  { kind: "flatten" },
  { kind: "dense" },
];
const SHAPES = [[1, 8, 8], [6, 8, 8], [6, 4, 4], [16, 4, 4], [256], [10]];

test("windows one behind the other widen what a place sees, and padding lies beyond the edge", () => {
  const fields = fieldsOf(LENET, SHAPES, 2, { channel: 7, y: 0, x: 1 });
  assert.deepEqual(fields, [
    { channel: null, box: { top: -4, left: -2, height: 10, width: 10 } },
    { channel: null, box: { top: -2, left: 0, height: 6, width: 6 } },
    { channel: null, box: { top: -1, left: 0, height: 3, width: 3 } },
  ]);
});

test("pooling sees the same map of the layer before", () => {
  const [, before] = fieldsOf(LENET, SHAPES, 1, { channel: 4, y: 3, x: 0 });
  assert.deepEqual(before, { channel: 4, box: { top: 6, left: 0, height: 2, width: 2 } });
});

test("stride moves a window, dilation spreads it", () => {
  const layer = { kind: "conv2d", kernel: 3, stride: 2, padding: 1, dilation: 2 };
  const [field] = fieldsOf(
    [layer],
    [
      [3, 9, 9],
      [4, 4, 4],
    ],
    0,
    { channel: 0, y: 1, x: 2 },
  );
  assert.deepEqual(field?.box, { top: 1, left: 3, height: 5, width: 5 });
});

test("a residual block sees through both of its convolutions", () => {
  const layer = { kind: "residual", stride: 2 };
  const [field] = fieldsOf(
    [layer],
    [
      [3, 8, 8],
      [4, 4, 4],
    ],
    0,
    { channel: 0, y: 1, x: 1 },
  );
  assert.deepEqual(field, { channel: null, box: { top: -1, left: -1, height: 7, width: 7 } });
});

test("a unit of a flattened row is one place of one map, one of a dense layer sees all", () => {
  const unit = 5 * 16 + 2 * 4 + 3;
  assert.deepEqual(fieldsOf(LENET, SHAPES, 3, { unit }).at(-1), {
    channel: 5,
    box: { top: 2, left: 3, height: 1, width: 1 },
  });
  const fields = fieldsOf(LENET, SHAPES, 4, { unit: 0 });
  assert.equal(fields.at(-1), null);
  assert.deepEqual(fields.at(-2), { channel: null, box: { top: 0, left: 0, height: 4, width: 4 } });
});

test("the mean of a map sees that map alone, and a norm passes the place on", () => {
  const layers = [{ kind: "batch_norm" }, { kind: "global_average_pool" }];
  const shapes = [[3, 4, 4], [3, 4, 4], [3]];
  const all = { channel: 2, box: { top: 0, left: 0, height: 4, width: 4 } };
  assert.deepEqual(fieldsOf(layers, shapes, 1, { unit: 2 }), [all, all]);
});

test("what lies beyond the edge is cut off", () => {
  assert.deepEqual(within({ top: -2, left: 6, height: 5, width: 5 }, [1, 8, 8]), {
    top: 0,
    left: 6,
    height: 3,
    width: 2,
  });
  assert.equal(within({ top: -3, left: 0, height: 2, width: 2 }, [1, 8, 8]).height, 0);
});

test("it agrees with convolutions that are tried out", () => {
  // Which input places change an output place is found by moving each of them.
  const layers = [
    { kind: "conv2d", kernel: 3, stride: 2, padding: 1, dilation: 1 },
    { kind: "average_pool", size: 3, stride: 1 },
    { kind: "conv2d", kernel: 2, stride: 1, padding: 0, dilation: 2 },
  ];
  const shapes = [
    [1, 12, 12],
    [1, 6, 6],
    [1, 4, 4],
    [1, 2, 2],
  ];
  for (const [y, x] of /** @type {const} */ ([
    [0, 0],
    [0, 1],
    [1, 1],
  ])) {
    const [field] = fieldsOf(layers, shapes, 2, { channel: 0, y, x });
    const box = within(field?.box ?? { top: 0, left: 0, height: 0, width: 0 }, [1, 12, 12]);
    const felt = [];
    for (let place = 0; place < 144; place++) {
      const input = Array.from({ length: 144 }, (_, index) => Number(index === place));
      if (passed(input, layers, shapes)[y * 2 + x]) felt.push(place);
    }
    const [lines, columns] = [felt.map((place) => Math.floor(place / 12)), felt.map((place) => place % 12)];
    assert.deepEqual(
      [Math.min(...lines), Math.max(...lines), Math.min(...columns), Math.max(...columns)],
      [box.top, box.top + box.height - 1, box.left, box.left + box.width - 1],
    );
  }
});

/**
 * One map through layers whose weights are all 1.
 *
 * @param {number[]} input
 * @param {PictureLayer[]} layers
 * @param {number[][]} shapes
 */
function passed(input, layers, shapes) {
  return layers.reduce((map, layer, index) => {
    const [, height = 0, width = 0] = shapes[index] ?? [];
    const [, lines = 0, columns = 0] = shapes[index + 1] ?? [];
    const size = layer.kernel ?? layer.size ?? 1;
    const { padding = 0, dilation = 1 } = layer;
    return Array.from({ length: lines * columns }, (_, place) => {
      const [top, left] = [Math.floor(place / columns), place % columns].map(
        (at) => at * (layer.stride ?? size) - padding,
      );
      let sum = 0;
      for (let cell = 0; cell < size * size; cell++) {
        const y = (top ?? 0) + Math.floor(cell / size) * dilation;
        const x = (left ?? 0) + (cell % size) * dilation;
        if (y >= 0 && y < height && x >= 0 && x < width) sum += map[y * width + x] ?? 0;
      }
      return sum;
    });
  }, input);
}
