/** The keyboard of the whole page (core/shortcuts.js), and its table in the help dialog. */
import { keysOf, SHORTCUTS, shortcutOf } from "../core/shortcuts.js";

/** What letters are typed into, and what has an undo of its own. */
const TYPED_IN = "textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=range], [type=button])";
/** What letters choose in. */
const CHOSEN_IN = "select";
/** What has a use of its own for the space bar. */
const PRESSED_BY_SPACE = "button, a, summary, input, [role=button]";

/** Starts listening; called once. */
export function startKeyboard() {
  document.addEventListener("keydown", pressed);
  listShortcuts();
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  const shortcut = shortcutOf(event);
  if (!shortcut || event.repeat || event.defaultPrevented || isTaken(event)) return;
  const control = document.querySelector(shortcut.presses);
  if (!(control instanceof HTMLElement)) return;
  event.preventDefault();
  control.click();
}

/** @param {KeyboardEvent} event */
function isTaken({ key, ctrlKey, metaKey, target }) {
  if (document.querySelector("dialog:modal")) return true;
  if (!(target instanceof Element)) return false;
  if (target.closest(TYPED_IN)) return true;
  if (target.closest(CHOSEN_IN)) return !ctrlKey && !metaKey;
  return key === " " && target.closest(PRESSED_BY_SPACE) !== null;
}

/** Keys that do the same share a row. */
function listShortcuts() {
  const wordings = new Set(SHORTCUTS.map(({ words }) => words));
  document.querySelector("[data-shortcuts]")?.replaceChildren(
    ...[...wordings].map((words) => {
      const shortcuts = SHORTCUTS.filter((shortcut) => shortcut.words === words);
      const row = document.createElement("tr");
      const [keys, meaning] = [row.insertCell(), row.insertCell()];
      for (const [index, shortcut] of shortcuts.entries()) {
        if (index) keys.append(" or ");
        keys.append(...keysOf(shortcut).flatMap((name, place) => (place ? [" + ", keyCap(name)] : [keyCap(name)])));
      }
      meaning.textContent = words;
      return row;
    }),
  );
}

/** @param {string} name */
function keyCap(name) {
  const cap = document.createElement("kbd");
  cap.textContent = name;
  return cap;
}
