/**
 * The keys of the page, each of which presses a control. The handler and the table in the help dialog both read this list.
 *
 * @typedef {object} Shortcut
 * @property {string} key as KeyboardEvent.key has it, letters in lower case
 * @property {boolean} [control] with Control, or Command
 * @property {boolean} [shift] with Shift, too; for letters only
 * @property {string} words what it does
 * @property {string} presses the control, which may not be on the page
 */

/** @type {readonly Readonly<Shortcut>[]} */
export const SHORTCUTS = [
  { key: " ", words: "Play or pause", presses: "#play" },
  { key: "s", words: "Step", presses: "#step" },
  { key: "r", words: "Reset to the first weights", presses: "#reset" },
  { key: "z", control: true, words: "Undo", presses: "#undo" },
  { key: "z", control: true, shift: true, words: "Redo", presses: "#redo" },
  { key: "y", control: true, words: "Redo", presses: "#redo" },
  { key: "n", words: "New weights", presses: "#dice" },
  { key: "e", words: "Regenerate data", presses: "#regenerate" },
  { key: "+", words: "Add a hidden layer", presses: "#layer-add" },
  { key: "-", words: "Remove the last hidden layer", presses: "#layer-remove" },
  { key: "t", words: "Show or hide test points", presses: "#show-test" },
  { key: "d", words: "Discretise the output", presses: "#discretise" },
  { key: "p", words: "Paint points", presses: "#paint" },
  { key: "g", words: "Presets", presses: "#open-gallery" },
  { key: "?", words: "Help and this list", presses: "#open-help" },
];

/**
 * The shortcut that was pressed, if any.
 *
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} event
 * @returns {Readonly<Shortcut> | undefined}
 */
export function shortcutOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (altKey) return undefined;
  const letter = key.toLowerCase();
  // What shift makes of other keys, such as ?, depends on the keyboard.
  const shift = shiftKey && /^[a-z]$/.test(letter);
  return SHORTCUTS.find(
    (shortcut) =>
      shortcut.key === letter &&
      Boolean(shortcut.control) === (ctrlKey || metaKey) &&
      Boolean(shortcut.shift) === shift,
  );
}

/**
 * The keys as they are written on keyboards.
 *
 * @param {Readonly<Shortcut>} shortcut
 */
export function keysOf({ key, control, shift }) {
  const name = key === " " ? "Space" : key === "-" ? "−" : key.toUpperCase();
  return [control ? "Ctrl" : "", shift ? "Shift" : "", name].filter(Boolean);
}
