/** Work that is done only while somebody can see its result, so that what nobody looks at costs nothing. */

/** An element that is scrolled out and in again within so many milliseconds goes on. */
const LINGER = 1500;

/**
 * @param {Element} element
 * @param {() => () => void} begin called when it can be seen; what it returns ends the work
 * @returns {() => void} ends it for good
 */
export function whileVisible(element, begin) {
  /** @type {(() => void) | null} */
  let end = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let leaving;
  const stop = () => {
    clearTimeout(leaving);
    end?.();
    end = null;
  };
  const observer = new IntersectionObserver((entries) => {
    clearTimeout(leaving);
    if (entries.at(-1)?.isIntersecting) end ??= begin();
    else leaving = setTimeout(stop, LINGER);
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    stop();
  };
}
