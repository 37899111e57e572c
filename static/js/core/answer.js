/** What the network answers at a place of the plane, in words. */
import { exact } from "./format.js";

/** @import { PointSet } from "./types.js" */

/**
 * @param {PointSet} set what is learnt
 * @param {[number, number]} place
 * @param {number[] | null} outputs of the network there; null while they are asked for
 * @param {number} middle of a single output's range, where two classes part
 */
export function answerWords(set, place, outputs, middle) {
  const where = place.map((value, axis) => `${axisName(set.axis_names[axis] ?? "")} = ${exact(value)}`).join(", ");
  return `${where}\n${outputs ? outputWords(set, outputs, middle) : "…"}`;
}

/**
 * An axis as people write it: `x1` is x₁.
 *
 * @param {string} name
 */
export function axisName(name) {
  return name.replace(/^x([12])$/, (_, digit) => (digit === "1" ? "x₁" : "x₂"));
}

/**
 * @param {PointSet} set
 * @param {number[]} outputs
 * @param {number} middle
 */
function outputWords(set, outputs, middle) {
  const [first = NaN] = outputs;
  if (set.task === "regression") return `Output ${exact(first)}`;
  if (outputs.length === 1) return `Output ${exact(first)}: class ${className(set, first > middle ? 1 : 0)}`;
  const largest = Math.max(...outputs);
  const chances = Math.abs(outputs.reduce((sum, output) => sum + output, 0) - 1) < 1e-3 && Math.min(...outputs) >= 0;
  const sure = chances ? `${(largest * 100).toFixed(1)} %` : `output ${exact(largest)}`;
  return `Class ${className(set, outputs.indexOf(largest))}: ${sure}`;
}

/**
 * @param {PointSet} set
 * @param {number} index
 */
function className(set, index) {
  return (set.class_names[index] ?? "").replace("-", "−");
}
