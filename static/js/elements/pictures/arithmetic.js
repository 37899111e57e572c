/**
 * The arithmetic of one unit as a page reads it: grids, tables and lines, by what kind of layer it is.
 *
 * @import { Arithmetic, Convolution, Norm, OutputSum, PassedOn, Pooling, ResidualSum, UnitExplanation, WeightedSum } from "../../core/explain-types.js"
 */
import { floatsOf } from "../../core/decode.js";
import { exact } from "../../core/format.js";
import { placeWords } from "../../core/layers.js";
import { heading, made, scrolling } from "./dom.js";
import { largest, numberGrid } from "./number-grid.js";
import { ProductSteps } from "./product-steps.js";

/**
 * What is remembered when the same unit is shown again with new numbers.
 *
 * @typedef {object} Memory
 * @property {number | null} product the last product that is added; null for all
 * @property {number[]} before the shape of what the layer sees
 * @property {number[]} own the shape of what it makes
 */

/**
 * @param {UnitExplanation} explanation
 * @param {string[]} names of the classes
 * @param {Memory} memory
 * @returns {HTMLElement[]}
 */
export function arithmeticOf({ arithmetic, pre_activation, activation, value }, names, memory) {
  const applied = activation && activation !== "linear" && arithmetic.kind !== "answer";
  const last = applied
    ? [line(`${activation.replaceAll("_", " ")}(${number(pre_activation)})`, value, "unit-value")]
    : [line("Value", value, "unit-value")];
  return [...sheet(arithmetic, names, memory), ...last];
}

/**
 * @param {Arithmetic} arithmetic
 * @param {string[]} names
 * @param {Memory} memory
 * @returns {HTMLElement[]}
 */
function sheet(arithmetic, names, memory) {
  switch (arithmetic.kind) {
    case "convolution":
      return convolution(arithmetic, memory);
    case "weighted_sum":
      return weightedSum(arithmetic);
    case "norm":
      return norm(arithmetic);
    case "passed_on":
      return passedOn(arithmetic);
    case "residual":
      return residual(arithmetic, memory);
    case "answer":
      return answer(arithmetic, names);
    default:
      return pooling(arithmetic);
  }
}

/**
 * @param {Convolution} arithmetic
 * @param {Memory} memory
 * @param {number[]} [shape] of the maps that the patch is of
 */
function convolution(arithmetic, memory, shape = memory.before) {
  const steps = new ProductSteps(arithmetic, memory, shape);
  return [
    steps.element,
    line("Sum of the products", arithmetic.sum),
    line("+ bias", arithmetic.bias),
    line("= pre-activation", arithmetic.result, "unit-sum"),
  ];
}

/** @param {WeightedSum} arithmetic */
function weightedSum({ largest: products, others, rest, sum, bias, result }) {
  const head = ["Input", "Value", "× weight", "= product"].map(heading);
  const rows = products.map(({ input, value, weight, product }) =>
    made(
      "tr",
      "",
      ...[String(input + 1), number(value), number(weight), number(product)].map((text) => made("td", "", text)),
    ),
  );
  const table = made(
    "table",
    "term-table",
    made("caption", "", "The largest products"),
    made("thead", "", made("tr", "", ...head)),
  );
  table.append(made("tbody", "", ...rows));
  return [
    scrolling("Products", table),
    ...(others ? [line(`+ ${others} other products`, rest)] : []),
    line("Sum of the products", sum),
    line("+ bias", bias),
    line("= pre-activation", result, "unit-sum"),
  ];
}

/** @param {Pooling} arithmetic */
function pooling({ kind, rows, columns, window: packed, winner, result }) {
  const values = floatsOf(packed);
  const wide = packed.shape[1] ?? 1;
  const won = (/** @type {number} */ index) =>
    winner && rows[Math.floor(index / wide)] === winner.y && columns[index % wide] === winner.x ? "the largest" : "";
  const words = kind === "largest" ? "The largest of the window wins" : "The mean of the window";
  const grid = numberGrid({ title: words, columns: wide, values, limit: largest(values), note: won });
  return [made("div", "number-grids", grid), line(kind === "largest" ? "Largest" : "Mean", result, "unit-sum")];
}

/** @param {Norm} arithmetic */
function norm({ value, mean, variance, epsilon, normalised, scale, shift, result }) {
  return [
    line(`(${number(value)} − mean ${number(mean)}) ÷ √(variance ${number(variance)} + ${epsilon})`, normalised),
    line(`× scale ${number(scale)} + shift ${number(shift)}`, result, "unit-sum"),
  ];
}

/** @param {PassedOn} arithmetic */
function passedOn({ source, result }) {
  const { channel, y, x, unit } = source;
  const place = unit === null ? { channel: channel ?? 0, y: y ?? 0, x: x ?? 0 } : { unit };
  return [line(`Passed on as it is from ${placeWords(place)}`, result, "unit-sum")];
}

/**
 * @param {ResidualSum} arithmetic
 * @param {Memory} memory
 */
function residual({ convolution: second, norm: normed, past, past_norm: pastNorm, result }, memory) {
  const title = (/** @type {string} */ text) => made("h4", "", text);
  const way =
    past.kind === "passed_on"
      ? passedOn(past)
      : [line("1 × 1 convolution", past.result), ...(pastNorm ? norm(pastNorm) : [])];
  return [
    title("The second convolution"),
    ...convolution(second, memory, memory.own),
    title("Its batch norm"),
    ...norm(normed),
    title("What goes past"),
    ...way,
    line("Both together", result, "unit-sum"),
  ];
}

/**
 * @param {OutputSum} arithmetic
 * @param {string[]} names
 */
function answer({ weighted_sum: sum, logits, exponentials, total, outputs, loss_name: lossName, loss }, names) {
  const columns = exponentials.length
    ? ["Class", "Logit", "exp(logit − largest)", "÷ sum"]
    : ["Output", "Logit", "Output"];
  const head = columns.map(heading);
  const rows = logits.map((logit, index) => {
    const middle = exponentials.length ? [number(exponentials[index] ?? null)] : [];
    const cells = [names[index] ?? String(index + 1), number(logit), ...middle, number(outputs[index] ?? null)];
    return made("tr", "", ...cells.map((text) => made("td", "", text)));
  });
  const caption = made("caption", "", exponentials.length ? `Softmax: the sum is ${number(total)}` : "All outputs");
  const table = made(
    "table",
    "term-table",
    caption,
    made("thead", "", made("tr", "", ...head)),
    made("tbody", "", ...rows),
  );
  const lost = loss === null ? [] : [line(`Loss of this picture (${lossName.replaceAll("_", " ")})`, loss)];
  return [...weightedSum(sum), scrolling("All outputs", table), ...lost];
}

/**
 * @param {string} words
 * @param {number | null} value
 * @param {string} [className]
 */
function line(words, value, className = "") {
  return made("p", `term ${className}`, made("span", "", words), made("b", "", number(value)));
}

/** @param {number | null} value */
function number(value) {
  return value === null ? "not finite" : exact(value);
}
