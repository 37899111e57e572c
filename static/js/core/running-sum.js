/**
 * A convolution's sum, product by product.
 *
 * @typedef {object} Term
 * @property {number} channel
 * @property {number} line within the kernel
 * @property {number} column within the kernel
 * @property {number} value of the input
 * @property {number} weight
 * @property {number} product
 * @property {number} sum of this product and all before it
 */

/**
 * @param {{shape: number[], values: ArrayLike<number>, weights: ArrayLike<number>, products: ArrayLike<number>}} patch
 * @returns {Term[]} channel by channel, line by line
 */
export function runningSum({ shape, values, weights, products }) {
  const [, height = 1, width = 1] = shape;
  let sum = 0;
  return Array.from({ length: products.length }, (_, index) => {
    const product = products[index] ?? 0;
    sum += product;
    const within = index % (height * width);
    return {
      channel: Math.floor(index / (height * width)),
      line: Math.floor(within / width),
      column: within % width,
      value: values[index] ?? 0,
      weight: weights[index] ?? 0,
      product,
      sum,
    };
  });
}
