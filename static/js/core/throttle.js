/**
 * A function that does its work at most once in a while: at once when it has rested, else with the latest arguments as
 * soon as it may, so that the last call is never lost.
 *
 * @template {unknown[]} Arguments
 * @param {number} wait milliseconds
 * @param {(...args: Arguments) => void} work
 * @returns {((...args: Arguments) => void) & {cancel: () => void}}
 */
export function throttled(wait, work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Arguments | undefined} */
  let waiting;
  const rest = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (!waiting) return;
      work(...waiting);
      waiting = undefined;
      rest();
    }, wait);
  };
  const call = (/** @type {Arguments} */ ...args) => {
    if (timer !== undefined) {
      waiting = args;
      return;
    }
    work(...args);
    rest();
  };
  const cancel = () => {
    clearTimeout(timer);
    timer = waiting = undefined;
  };
  return Object.assign(call, { cancel });
}
