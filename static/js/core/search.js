/** Searching in texts on the page, as one types. */

/**
 * Whether a text has every word of a query, or the beginning of it, wherever it stands; case does not matter.
 *
 * @param {string} text
 * @param {string} query
 */
export function matches(text, query) {
  const plain = text.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => plain.includes(word));
}
