/**
 * The map that is shown large in place of the output: that of the neuron or feature that the visitor looks at.
 *
 * @import { PackedArray } from "./types.js"
 *
 * @typedef {object} Spotlight
 * @property {string} caption
 * @property {PackedArray} map
 */

/** @type {Readonly<Spotlight> | null} */
let current = null;
/** @type {Set<() => void>} */
const followers = new Set();

/** What is shown large, if anything is. */
export function spotlight() {
  return current;
}

/**
 * Shows something large, or nothing.
 *
 * @param {Readonly<Spotlight> | null} next
 */
export function shine(next) {
  if (next?.map === current?.map && next?.caption === current?.caption) return;
  current = next;
  for (const follow of followers) follow();
}

/**
 * Calls back whenever something else is shown large.
 *
 * @param {() => void} follow
 * @returns {() => void} ends it
 */
export function onSpotlight(follow) {
  followers.add(follow);
  return () => followers.delete(follow);
}
