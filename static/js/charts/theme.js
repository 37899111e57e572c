/**
 * The colours of the style sheet's tokens as numbers, for canvas and Plotly. Read anew when the theme changes.
 *
 * @import { Colour } from "../core/colour.js"
 */
import { classTables, divergingTable, mix, parseColour } from "../core/colour.js";

const MAX_CLASSES = 8;
/** Maps are paler than points and links, which lie on them. */
const MAP_STRENGTH = 0.72;

/**
 * @typedef {object} Theme
 * @property {Colour} negative
 * @property {Colour} neutral
 * @property {Colour} positive
 * @property {Colour} surface
 * @property {Colour} ink
 * @property {Colour[]} classes
 * @property {Uint32Array} diverging pixels by byte
 * @property {Uint32Array[]} confidence pixels by class and byte
 */

/** @type {Theme | null} */
let current = null;
/** @type {Map<string, string>} */
const tokens = new Map();

/**
 * A token's colour as CSS computes it in the present theme.
 *
 * @param {string} name
 * @returns {string}
 */
export function token(name) {
  const known = tokens.get(name);
  if (known) return known;
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  tokens.set(name, color);
  return color;
}

/** The present theme. @returns {Theme} */
export function theme() {
  if (current) return current;
  const colour = (/** @type {string} */ name) => parseColour(token(name));
  const [negative, neutral, positive] = [colour("negative"), colour("neutral"), colour("positive")];
  const classes = Array.from({ length: MAX_CLASSES }, (_, index) => colour(`class-${index}`));
  current = {
    negative,
    neutral,
    positive,
    surface: colour("surface"),
    ink: colour("ink"),
    classes,
    diverging: divergingTable(mix(neutral, negative, MAP_STRENGTH), neutral, mix(neutral, positive, MAP_STRENGTH)),
    confidence: classTables(
      neutral,
      classes.map((of) => mix(neutral, of, MAP_STRENGTH)),
    ),
  };
  return current;
}

/**
 * Calls back whenever the theme has changed, by the switch or by the system.
 *
 * @param {() => void} callback
 * @returns {() => void} ends it
 */
export function onThemeChange(callback) {
  const changed = () => {
    current = null;
    tokens.clear();
    callback();
  };
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", changed);
  document.addEventListener("themechange", changed);
  return () => {
    media.removeEventListener("change", changed);
    document.removeEventListener("themechange", changed);
  };
}
