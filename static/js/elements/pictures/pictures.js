/**
 * Pictures of the run's data by their rows.
 *
 * @import { PicturePage } from "../../core/picture-types.js"
 */
import { bytesOf } from "../../core/decode.js";
import { rest } from "../../core/rest.js";
import { session } from "../../core/session.js";

/**
 * @typedef {object} Shown
 * @property {number[]} shape of each
 * @property {number[]} rows
 * @property {number[]} labels
 * @property {string[]} names of the classes
 * @property {Uint8Array[]} pictures
 */

/**
 * @param {number[]} rows
 * @returns {Promise<Shown | null>} null where there is no answer
 */
export async function fetchPictures(rows) {
  if (!rows.length) return { shape: [], rows, labels: [], names: [], pictures: [] };
  return fetched(`rows=${rows.join()}`);
}

/**
 * The first of the training pictures.
 *
 * @param {number} count
 */
export function firstPictures(count) {
  return fetched(`part=train&count=${count}`);
}

/** @param {string} query @returns {Promise<Shown | null>} */
async function fetched(query) {
  const { ok, value } = await rest("GET", `/runs/${session.state.run}/pictures?${query}`);
  if (!ok) return null;
  const page = /** @type {PicturePage} */ (value);
  const bytes = bytesOf(page.pictures.data);
  const length = page.shape.reduce((product, side) => product * side, 1);
  const pictures = page.rows.map((_, index) => bytes.subarray(index * length, (index + 1) * length));
  return { shape: page.shape, rows: page.rows, labels: page.labels, names: page.class_names, pictures };
}
