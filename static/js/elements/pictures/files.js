/** Files and folders that were chosen or dropped, as pictures of one small size, each with the class it lies under. */
import { isPicturePath, labelOf } from "../../core/tray.js";

/** Pixels along each side that are sent: the server keeps as many (app/data/pictures/archive.py). */
const SIDE = 48;

/** @typedef {{path: string, file: File}} Found */

/**
 * What was dropped, folders read through to their end.
 *
 * @param {DataTransfer} transfer
 * @returns {Promise<Found[]>}
 */
export async function dropped(transfer) {
  // The list is empty as soon as something is waited for.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const found = await Promise.all(entries.map((entry) => (entry ? walked(entry) : [])));
  return found.flat();
}

/** @param {FileList} files of an input @returns {Found[]} */
export function chosen(files) {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** @param {Found[]} found */
export function zipOf(found) {
  return found.find(({ path }) => /\.zip$/i.test(path))?.file ?? null;
}

/**
 * The pictures among files; what is none, or cannot be read, is counted.
 *
 * @param {Found[]} found
 * @param {string} label of those that lie in no folder
 */
export async function pictures(found, label) {
  const wanted = found.filter(({ path }) => isPicturePath(path));
  const read = await Promise.all(
    wanted.map(async ({ path, file }) => {
      const blob = await small(file).catch(() => null);
      return blob && { label: labelOf(path) || label, name: path, blob };
    }),
  );
  const items = read.filter((item) => item !== null);
  return { items, skipped: found.length - wanted.length, unread: wanted.length - items.length };
}

/**
 * The middle of a picture, on white where one can see through it.
 *
 * @param {ImageBitmapSource} source
 * @returns {Promise<Blob>}
 */
export async function small(source) {
  const bitmap = await createImageBitmap(source);
  const side = Math.min(bitmap.width, bitmap.height);
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.fillStyle = "white";
  context.fillRect(0, 0, SIDE, SIDE);
  context.imageSmoothingQuality = "high";
  const [left, top] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2];
  context.drawImage(bitmap, left, top, side, side, 0, 0, SIDE, SIDE);
  bitmap.close();
  return canvas.convertToBlob({ type: "image/png" });
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<Found[]>}
 */
async function walked(entry) {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => {
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject);
    }).catch(() => null);
    return file instanceof File ? [{ path, file }] : [];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const found = [];
  for (;;) {
    // A folder is told in pieces of a hundred or so.
    const batch = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (batch.length === 0) return found;
    for (const inner of batch) found.push(...(await walked(inner)));
  }
}
