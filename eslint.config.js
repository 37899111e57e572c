// Rules for the page's JavaScript. Types are tsc's business; this file holds what a type cannot say, among it the one
// direction in which modules may depend on each other: elements → charts → core.
import js from "@eslint/js";
import globals from "globals";

/** @param {string[]} layers names of the folders of static/js that a file must not import from */
const forbidLayers = (...layers) => [
  "error",
  {
    patterns: layers.map((layer) => ({
      regex: `(^|/)${layer}(/|$)`,
      message: `Dependencies point one way: elements → charts → core. Move what is shared down, out of ${layer}.`,
    })),
  },
];

export default [
  { ignores: ["static/vendor/", ".venv/", "node_modules/"] },
  js.configs.recommended,
  {
    rules: {
      "consistent-return": "error",
      eqeqeq: "error",
      "no-console": ["error", { allow: ["error"] }],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-param-reassign": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  {
    files: ["static/js/**/*.js", "tests/benchmarks/*.js"],
    languageOptions: { globals: { ...globals.browser, Plotly: "readonly", htmx: "readonly" } },
  },
  { files: ["static/js/core/**/*.js"], rules: { "no-restricted-imports": forbidLayers("charts", "elements") } },
  { files: ["static/js/charts/**/*.js"], rules: { "no-restricted-imports": forbidLayers("elements") } },
  {
    files: ["tests/js/**/*.js", "eslint.config.js"],
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
  },
];
