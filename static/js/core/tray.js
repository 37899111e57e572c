/**
 * The pictures that are about to be uploaded, each with its class: pure functions from one tray to the next.
 *
 * @typedef {object} Item
 * @property {string} label the class; empty where none was told
 * @property {string} name of the file, or how it was made
 */

/** So many classes can be told apart (app/schemas/picture_data.py). */
export const MOST_CLASSES = 20;
/** So many pictures the server takes at once (app/data/pictures/uploads.py). */
export const MOST_PICTURES = 2000;
const FEWEST = 4;

/**
 * The class that a file's path tells: the folder that it lies in.
 *
 * @param {string} path such as `cats/1.png`
 */
export function labelOf(path) {
  const steps = path.split("/").filter(Boolean);
  return steps.at(-2) ?? "";
}

/** Whether a file is worth reading: not what systems leave behind. @param {string} path */
export function isPicturePath(path) {
  const hidden = path.split("/").some((step) => step.startsWith(".") || step === "__MACOSX");
  return !hidden && /\.(png|jpe?g|gif|bmp|webp)$/i.test(path);
}

/**
 * The items of each class, classes in the order in which they first occur.
 *
 * @template {Item} Kind
 * @param {readonly Kind[]} tray
 * @returns {Map<string, Kind[]>}
 */
export function byClass(tray) {
  /** @type {Map<string, Kind[]>} */
  const classes = new Map();
  for (const item of tray) classes.set(item.label, [...(classes.get(item.label) ?? []), item]);
  return classes;
}

/**
 * The tray with the class of some items changed.
 *
 * @template {Item} Kind
 * @param {readonly Kind[]} tray
 * @param {(item: Kind) => boolean} which
 * @param {string} label
 * @returns {Kind[]}
 */
export function relabelled(tray, which, label) {
  return tray.map((item) => (which(item) ? { ...item, label: label.trim() } : item));
}

/**
 * What is still missing before a network can learn from the tray; nothing where it can.
 *
 * @param {readonly Item[]} tray
 */
export function lacking(tray) {
  const classes = byClass(tray);
  if (tray.length === 0) return "There are no pictures yet.";
  if (classes.has("")) return "Some pictures have no class yet: type its name.";
  if (classes.size < 2) return "Add pictures of another class: a network tells at least two apart.";
  if (classes.size > MOST_CLASSES) return `These are ${classes.size} classes; at most ${MOST_CLASSES} can be learnt.`;
  if (tray.length < FEWEST) return `Add ${FEWEST - tray.length} more: at least ${FEWEST} are needed.`;
  if (tray.length > MOST_PICTURES) return `These are ${tray.length} pictures; at most ${MOST_PICTURES} can be sent.`;
  return "";
}
