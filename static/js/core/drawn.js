/**
 * What a network sees of a drawing: brightness averaged over its pixels, and for digits brought to the size and the middle
 * that those of the data have. Values are 0 (nothing) to 1, line by line.
 *
 * @import { Box } from "./receptive.js"
 */

/** What is fainter than this is not ink. */
const FAINT = 0.2;

/**
 * The box around all ink; null where there is none.
 *
 * @param {ArrayLike<number>} values
 * @param {number} side
 * @returns {Box | null}
 */
export function inkBox(values, side) {
  let [top, left, bottom, right] = [side, side, -1, -1];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if ((values[y * side + x] ?? 0) < FAINT) continue;
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      [left, right] = [Math.min(left, x), Math.max(right, x)];
    }
  }
  return bottom < 0 ? null : { top, left, height: bottom - top + 1, width: right - left + 1 };
}

/**
 * How much of the side pictures fill, on average: the longer side of the box around their ink.
 *
 * @param {ArrayLike<number>[]} pictures
 * @param {number} side
 */
export function extentOf(pictures, side) {
  const boxes = pictures.map((values) => inkBox(values, side)).filter((box) => box !== null);
  const sum = boxes.reduce((total, { height, width }) => total + Math.max(height, width), 0);
  return boxes.length ? sum / boxes.length / side : 1;
}

/**
 * The drawing in fewer pixels, each the mean of what it covers.
 *
 * @param {ArrayLike<number>} values
 * @param {number} side of the drawing
 * @param {number} size of the picture
 */
export function reduced(values, side, size) {
  return seen(values, side, size, { left: 0, top: 0, step: side / size });
}

/**
 * The drawing as digits of the data are: its longer side fills `extent` of the picture, its middle by mass is the picture's,
 * as far as it stays within (LeCun et al. 1998), and its brightest pixel is 1. Nothing stays nothing.
 *
 * @param {ArrayLike<number>} values
 * @param {number} side of the drawing
 * @param {number} size of the picture
 * @param {number} extent
 */
export function centred(values, side, size, extent) {
  const box = inkBox(values, side);
  if (!box) return new Float32Array(size * size);
  const step = Math.max(box.height, box.width) / (extent * size);
  const middle = massMiddle(values, side);
  const [left, top] = [
    around(middle.x, box.left, box.width, size * step),
    around(middle.y, box.top, box.height, size * step),
  ];
  const picture = seen(values, side, size, { left, top, step });
  const brightest = Math.max(...picture);
  return picture.map((value) => value / brightest);
}

/**
 * Where a window starts whose middle is `middle`, moved so that it holds the ink where it is long enough for that.
 *
 * @param {number} middle
 * @param {number} start of the ink
 * @param {number} length of the ink
 * @param {number} window
 */
function around(middle, start, length, window) {
  const wanted = middle - window / 2;
  return length > window ? wanted : Math.min(start, Math.max(start + length - window, wanted));
}

/**
 * @param {ArrayLike<number>} values
 * @param {number} side
 */
function massMiddle(values, side) {
  let [mass, x, y] = [0, 0, 0];
  for (let index = 0; index < side * side; index++) {
    const value = values[index] ?? 0;
    mass += value;
    x += value * ((index % side) + 0.5);
    y += value * (Math.floor(index / side) + 0.5);
  }
  return { x: x / mass, y: y / mass };
}

/**
 * Means over squares of `step` pixels, of which the first begins at `left` and `top`; beyond the drawing there is nothing.
 *
 * @param {ArrayLike<number>} values
 * @param {number} side
 * @param {number} size
 * @param {{left: number, top: number, step: number}} window
 */
function seen(values, side, size, { left, top, step }) {
  const [columns, lines] = [shares(left, step, side, size), shares(top, step, side, size)];
  const picture = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let sum = 0;
      for (const [line, height] of lines[y] ?? []) {
        for (const [column, width] of columns[x] ?? []) sum += (values[line * side + column] ?? 0) * height * width;
      }
      picture[y * size + x] = sum;
    }
  }
  return picture;
}

/**
 * For each pixel of the picture the pixels of the drawing that it covers along one side, and the share that each has.
 *
 * @param {number} start
 * @param {number} step
 * @param {number} side
 * @param {number} size
 * @returns {[number, number][][]}
 */
function shares(start, step, side, size) {
  return Array.from({ length: size }, (_, index) => {
    const [from, to] = [start + index * step, start + (index + 1) * step];
    /** @type {[number, number][]} */
    const covered = [];
    for (let at = Math.max(0, Math.floor(from)); at < Math.min(side, to); at++) {
      covered.push([at, (Math.min(to, at + 1) - Math.max(from, at)) / step]);
    }
    return covered;
  });
}
