/**
 * Plotly, which draws every chart that has axes: loaded once, when the first chart that needs it is opened.
 *
 * What few charts need are libraries of their own, so that only those who open a surface or a sweep wait for them. Parallel
 * coordinates are in one that never makes code of texts, which the page's security policy forbids.
 */

const LIBRARIES = {
  plane: "/static/vendor/plotly-cartesian.min.js",
  space: "/static/vendor/plotly-gl3d.min.js",
  parallel: "/static/vendor/plotly-strict.min.js",
};

/** @typedef {keyof typeof LIBRARIES} Library */

/** @type {Map<Library, Promise<PlotlyApi>>} */
const loaded = new Map();

/** The next library loads when the one before is there: each puts itself into the same global name. */
let before = Promise.resolve();

/**
 * @param {Library} library
 * @returns {Promise<PlotlyApi>}
 */
export function plotly(library) {
  const known = loaded.get(library);
  if (known) return known;
  const promise = before.then(() => load(LIBRARIES[library]));
  before = promise.then(
    () => {},
    () => {},
  );
  loaded.set(library, promise);
  // Whoever asks again after a failure tries again.
  promise.catch(() => loaded.delete(library));
  return promise;
}

/**
 * @param {string} address
 * @returns {Promise<PlotlyApi>}
 */
function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => (window.Plotly ? resolve(window.Plotly) : reject(new Error("no Plotly"))));
    script.addEventListener("error", () => reject(new Error(`${address} cannot be loaded`)));
    document.head.append(script);
  });
}

/** Whether the browser can draw what two of the libraries draw with. */
export function hasWebGl() {
  const context = document.createElement("canvas").getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}
