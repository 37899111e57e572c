/**
 * The drawing that is looked into in place of the chosen picture of the data.
 *
 * @typedef {object} Subject
 * @property {Float32Array} values (channels, height, width), 0 to 1
 * @property {number[]} shape
 */

/** @type {Readonly<Subject> | null} */
let current = null;
/** @type {Set<() => void>} */
const followers = new Set();

/** What is looked into; null for the chosen picture. */
export function subject() {
  return current;
}

/**
 * Looks into a drawing, or with null into the chosen picture again.
 *
 * @param {Readonly<Subject> | null} next
 */
export function lookInto(next) {
  if (next === current) return;
  current = next;
  for (const follow of followers) follow();
}

/**
 * Calls back whenever something else is looked into.
 *
 * @param {() => void} follow
 * @returns {() => void} ends it
 */
export function onSubject(follow) {
  followers.add(follow);
  return () => followers.delete(follow);
}
