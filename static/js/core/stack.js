/** Moving one of several things that stand in a row, and how large a convolution's output is. Pure functions. */

/**
 * The place at which a dragged thing is dropped: behind all others whose middle it has passed.
 *
 * @param {number[]} middles of all, in their order
 * @param {number} from its place
 * @param {number} at where its own middle is now
 */
export function dropPlace(middles, from, at) {
  return middles.filter((middle, index) => index !== from && middle < at).length;
}

/**
 * How many places each thing shifts, −1, 0 or 1, to make way for one that moves; the moved one itself does not.
 *
 * @param {number} count
 * @param {number} from
 * @param {number} to
 */
export function shifts(count, from, to) {
  return Array.from({ length: count }, (_, index) => {
    if (index > from && index <= to) return -1;
    return index < from && index >= to ? 1 : 0;
  });
}

/**
 * @typedef {object} Convolution along one side
 * @property {number} size of the picture
 * @property {number} kernel
 * @property {number} stride
 * @property {number} padding
 * @property {number} dilation
 */

/**
 * How far the kernel reaches, dilation included.
 *
 * @param {Readonly<Convolution>} convolution
 */
export function reach({ kernel, dilation }) {
  return dilation * (kernel - 1) + 1;
}

/**
 * The places at which the kernel fits: the size of the output; 0 where it does not fit at all.
 *
 * @param {Readonly<Convolution>} convolution
 */
export function outputSize(convolution) {
  const { size, stride, padding } = convolution;
  const room = size + 2 * padding - reach(convolution);
  return room < 0 ? 0 : Math.floor(room / stride) + 1;
}
