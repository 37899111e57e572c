/**
 * How the visitor looks at the run: what the address holds in `view.*` (app/web/lab/view.py), beside the Experiment.
 *
 * @typedef {object} View
 * @property {boolean} test_points whether points that are not for training are drawn, too
 * @property {boolean} discretise whether the output map shows the decision alone
 * @property {string[]} charts the open charts, in their order
 * @property {string[]} hide controls that are left out
 */
import { session } from "./session.js";

const PREFIX = "view.";

/** @type {Readonly<View>} */
export const DEFAULT = Object.freeze({ test_points: false, discretise: false, charts: ["loss"], hide: [] });

/**
 * The view that a query holds.
 *
 * @param {string} query
 * @returns {View}
 */
export function viewOf(query) {
  const fields = new URLSearchParams(query);
  const read = (/** @type {keyof View} */ name) => {
    const text = fields.get(PREFIX + name);
    if (text === null) return DEFAULT[name];
    return Array.isArray(DEFAULT[name]) ? text.split(",").filter(Boolean) : text === "true";
  };
  return /** @type {View} */ (Object.fromEntries(Object.keys(DEFAULT).map((name) => [name, read(asName(name))])));
}

/**
 * A query with this view in place of its own; what is usual is left out.
 *
 * @param {string} query
 * @param {Readonly<View>} view
 */
export function withView(query, view) {
  const rest = query
    .replace(/^\?/, "")
    .split("&")
    .filter((field) => field && !field.startsWith(PREFIX));
  const mine = Object.entries(view)
    .filter(([name, value]) => String(value) !== String(DEFAULT[asName(name)]))
    .map(([name, value]) => `${PREFIX}${name}=${encodeURIComponent(String(value)).replaceAll("%2C", ",")}`);
  const fields = [...rest, ...mine].join("&");
  return fields && `?${fields}`;
}

/** @param {string} name */
function asName(name) {
  return /** @type {keyof View} */ (name);
}

/** @type {Readonly<View>} */
let current = viewOf(globalThis.location?.search ?? "");

/** The present view. */
export function view() {
  return current;
}

/**
 * Changes some of it: the address follows, and everything is drawn anew.
 *
 * @param {Partial<View>} changes
 */
export function changeView(changes) {
  current = { ...current, ...changes };
  keepView();
  session.redraw();
}

/** Writes the view into the address, which the server may just have replaced. */
export function keepView() {
  const query = withView(location.search, current);
  if (query !== location.search) history.replaceState(history.state, "", `${location.pathname}${query}`);
}
