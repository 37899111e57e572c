import assert from "node:assert/strict";
import { test } from "node:test";
import { keysOf, SHORTCUTS, shortcutOf } from "../../static/js/core/shortcuts.js";

const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

/** @param {Partial<typeof NONE> & {key: string}} event */
const pressed = (event) => shortcutOf({ ...NONE, ...event })?.presses;

test("keys press controls", () => {
  assert.equal(pressed({ key: " " }), "#play");
  assert.equal(pressed({ key: "?", shiftKey: true }), "#open-help");
  assert.equal(pressed({ key: "x" }), undefined);
});

test("control, command and shift are told apart", () => {
  assert.equal(pressed({ key: "z", ctrlKey: true }), "#undo");
  assert.equal(pressed({ key: "Z", ctrlKey: true, shiftKey: true }), "#redo");
  assert.equal(pressed({ key: "z", metaKey: true }), "#undo");
  assert.equal(pressed({ key: "z" }), undefined);
  assert.equal(pressed({ key: "s", ctrlKey: true }), undefined);
  assert.equal(pressed({ key: "s", altKey: true }), undefined);
  assert.equal(pressed({ key: "S", shiftKey: true }), undefined);
});

test("no two shortcuts share their keys", () => {
  const keys = SHORTCUTS.map((shortcut) => keysOf(shortcut).join("+"));
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(keys.includes("Ctrl+Shift+Z"));
});
