/** Where a dragged layer is dropped, how large a convolution's output is, and what pictures of one's own still lack. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dropPlace, outputSize, shifts } from "../../static/js/core/stack.js";
import { byClass, isPicturePath, labelOf, lacking, relabelled } from "../../static/js/core/tray.js";

const MIDDLES = [50, 150, 250, 350];

test("a thing is dropped behind all whose middle it has passed", () => {
  assert.equal(dropPlace(MIDDLES, 1, 150), 1);
  assert.equal(dropPlace(MIDDLES, 1, 251), 2);
  assert.equal(dropPlace(MIDDLES, 1, 999), 3);
  assert.equal(dropPlace(MIDDLES, 3, 49), 0);
});

test("the others make way", () => {
  assert.deepEqual(shifts(4, 0, 2), [0, -1, -1, 0]);
  assert.deepEqual(shifts(4, 3, 1), [0, 1, 1, 0]);
  assert.deepEqual(shifts(4, 2, 2), [0, 0, 0, 0]);
});

test("a convolution's output is as large as the places at which its kernel fits", () => {
  for (let size = 3; size <= 12; size++) {
    for (const kernel of [1, 2, 3, 5]) {
      for (const stride of [1, 2, 3]) {
        for (const padding of [0, 1, 2]) {
          for (const dilation of [1, 2]) {
            const last = size + 2 * padding - 1;
            const places = [];
            for (let at = 0; at + dilation * (kernel - 1) <= last; at += stride) places.push(at);
            assert.equal(outputSize({ size, kernel, stride, padding, dilation }), places.length);
          }
        }
      }
    }
  }
});

test("a folder is the class of what lies in it", () => {
  assert.equal(labelOf("cats/1.png"), "cats");
  assert.equal(labelOf("train/cats/1.png"), "cats");
  assert.equal(labelOf("1.png"), "");
});

test("what systems leave behind is no picture", () => {
  assert.ok(isPicturePath("cats/1.JPG"));
  for (const path of ["__MACOSX/cats/1.png", "cats/.1.png", ".trash/1.png", "cats/notes.txt"]) {
    assert.ok(!isPicturePath(path), path);
  }
});

test("a tray says what it still lacks", () => {
  const item = (/** @type {string} */ label) => ({ label, name: "a picture" });
  assert.match(lacking([]), /no pictures/);
  assert.match(lacking([item("cat"), item("")]), /no class yet/);
  assert.match(lacking([item("cat"), item("cat")]), /another class/);
  assert.match(lacking([item("cat"), item("cup")]), /2 more/);
  assert.equal(lacking([item("cat"), item("cup"), item("cat"), item("cup")]), "");
  assert.match(lacking(Array.from({ length: 21 }, (_, index) => item(String(index)))), /21 classes/);
});

test("classes can be put together under one name", () => {
  const tray = ["cat", "cats", "cup"].map((label) => ({ label, name: "a picture" }));
  const together = relabelled(tray, ({ label }) => label === "cats", " cat ");
  assert.deepEqual([...byClass(together).keys()], ["cat", "cup"]);
});
