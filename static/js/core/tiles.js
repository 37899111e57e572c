/**
 * The kernels of one filter as one picture: one for each channel that it sees, in a square as far as they go, a pixel apart.
 *
 * @typedef {object} Tiles
 * @property {number} height
 * @property {number} width
 * @property {(y: number, x: number) => number} indexAt of the kernels' values, channel by channel; -1 between them
 */

/**
 * @param {number} channels
 * @param {number} kernel
 * @returns {Tiles}
 */
export function tiled(channels, kernel) {
  const columns = Math.ceil(Math.sqrt(channels));
  const lines = Math.ceil(channels / columns);
  const step = kernel + 1;
  const indexAt = (/** @type {number} */ y, /** @type {number} */ x) => {
    const [line, column] = [Math.floor(y / step), Math.floor(x / step)];
    const [inY, inX] = [y % step, x % step];
    const channel = line * columns + column;
    return inY < kernel && inX < kernel && channel < channels ? (channel * kernel + inY) * kernel + inX : -1;
  };
  return { height: lines * step - 1, width: columns * step - 1, indexAt };
}
