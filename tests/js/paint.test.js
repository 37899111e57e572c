import assert from "node:assert/strict";
import { test } from "node:test";
import {
  MOST_POINTS,
  added,
  alike,
  emptied,
  erased,
  missing,
  sprayed,
  toCsv,
  valueScale,
  withClass,
} from "../../static/js/core/paint.js";

/** @import { PointSet } from "../../static/js/core/types.js" */

/** @type {PointSet} */
const SET = {
  points: [
    [1, 2, 0, 0],
    [-1, -2, 1, 2],
  ],
  parts: ["train", "validation", "test"],
  axis_names: ["x1", "x2"],
  domain: [
    [-6, 6],
    [-6, 6],
  ],
  class_names: ["-1", "+1"],
  task: "classification",
};
/** @type {PointSet} */
const VALUES = { ...SET, task: "regression", class_names: [], points: [[1, 2, 0.123456789, 0]] };

test("added points are for training, and as fine as can be seen", () => {
  const set = added(SET, [[1.23456789, -6]], 1);
  assert.deepEqual(set.points.at(-1), [1.235, -6, 1, 0]);
  const tiny = added({ ...SET, domain: [[0, 1e-6], SET.domain[1]] }, [[1.23456789e-7, 0]], 0);
  assert.equal(tiny.points.at(-1)?.[0], 1.235e-7);
  const huge = added({ ...SET, domain: [[0, 1e9], SET.domain[1]] }, [[123456789, 0]], 0);
  assert.equal(huge.points.at(-1)?.[0], 123500000);
  assert.equal(SET.points.length, 2);
});

test("there is an end to points", () => {
  const full = added(SET, Array(MOST_POINTS).fill([0, 0]), 0);
  assert.equal(full.points.length, MOST_POINTS);
  assert.equal(added(full, [[1, 1]], 0).points.length, MOST_POINTS);
});

test("the eraser takes what is near, whatever the scales of the axes", () => {
  assert.deepEqual(erased(SET, [1.3, 2.3], 0.05).points, [[-1, -2, 1, 2]]);
  assert.equal(erased(SET, [2, 2], 0.05), SET);
  const wide = { ...SET, domain: /** @type {PointSet["domain"]} */ ([[-600, 600], SET.domain[1]]) };
  assert.deepEqual(erased(wide, [20, 2], 0.05).points, [[-1, -2, 1, 2]]);
});

test("an empty plane keeps the classes and is the usual one", () => {
  const set = emptied({ ...SET, domain: [SET.domain[0], [0, 1]], axis_names: ["age", "weight"] });
  assert.deepEqual([set.points, set.domain, set.class_names], [[], SET.domain, ["-1", "+1"]]);
});

test("a new class comes last, as the server sorts numbers and text", () => {
  assert.deepEqual(withClass(SET).class_names, ["-1", "+1", "2"]);
  assert.deepEqual(withClass({ ...SET, class_names: ["0", "1", "2"] }).class_names.at(-1), "3");
  const names = withClass({ ...SET, class_names: ["setosa", "virginica"] }).class_names;
  assert.deepEqual(names, [...names].sort());
  assert.equal(names.length, 3);
});

test("spray stays about its place and in the plane", () => {
  const places = sprayed(SET, [5.9, 0], 0.1, 500);
  assert.ok(places.length > 150 && places.length < 450);
  assert.ok(places.every(([x, y]) => x <= 6 && Math.hypot(x - 5.9, y) <= 1.2 + 1e-9));
});

test("a set says what it still needs", () => {
  const one = { ...SET, points: SET.points.slice(0, 1) };
  assert.equal(missing(emptied(SET), 2), "Add points of two classes");
  assert.equal(missing(one, 2), "Add a point of another class");
  assert.equal(missing(SET, 2), "");
  assert.equal(missing(SET, 3), "Add another point");
  assert.equal(missing(emptied(VALUES), 2), "Add 2 points");
});

test("the CSV says what labels mean and keeps them", () => {
  assert.equal(toCsv(SET), "x1,x2,label\n1,2,-1\n-1,-2,1");
  assert.equal(toCsv(VALUES), "x1,x2,target\n1,2,0.123456789");
  const named = {
    ...SET,
    class_names: ['a "b", c', "d"],
    axis_names: /** @type {[string, string]} */ (["age", "sepal width"]),
  };
  assert.equal(toCsv(named), 'age,"sepal width",label\n1,2,"a ""b"", c"\n-1,-2,d');
});

test("the same points in another order or part are alike", () => {
  const turned = {
    ...SET,
    points: [...SET.points].reverse().map((point) => /** @type {PointSet["points"][0]} */ ([...point.slice(0, 3), 1])),
  };
  assert.ok(alike(SET, turned));
  assert.ok(!alike(SET, added(SET, [[0, 0]], 0)));
  assert.ok(!alike(SET, { ...SET, class_names: ["a", "b"] }));
});

test("values are painted in round steps, as far as those of the set go", () => {
  assert.deepEqual(valueScale(VALUES), { limit: 1, step: 0.05 });
  const of = (/** @type {number} */ value) => valueScale({ ...VALUES, points: [[0, 0, value, 0]] });
  assert.deepEqual(of(-1.0245), { limit: 1.05, step: 0.05 });
  assert.deepEqual(of(437), { limit: 440, step: 5 });
});
