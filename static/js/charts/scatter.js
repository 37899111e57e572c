/**
 * The points of the data over the map: filled for training, hollow for validation and test, a shape for each class.
 *
 * @import { Colour } from "../core/colour.js"
 * @import { PointSet } from "../core/types.js"
 */
import { diverging } from "../core/colour.js";
import { theme } from "./theme.js";

/** The shape of each class, so that colour is not all that tells them apart. */
const SHAPES = ["circle", "circle", "triangle", "square", "diamond", "plus", "circle", "triangle"];

/**
 * The colour of a label.
 *
 * @param {PointSet} set
 * @param {number} label
 * @param {number} limit the largest magnitude of a value
 * @returns {Colour}
 */
export function labelColour(set, label, limit) {
  const { classes, negative, neutral, positive } = theme();
  if (set.task === "regression") return diverging(negative, neutral, positive, label / limit);
  if (set.class_names.length === 2) return label > 0 ? positive : negative;
  return classes[label] ?? neutral;
}

/**
 * The shape of a class, as a path of a given radius around a place.
 *
 * @param {PointSet} set
 * @param {number} label
 */
function labelShape(set, label) {
  return set.class_names.length > 2 ? (SHAPES[label] ?? "circle") : "circle";
}

/**
 * Draws the points, as large as the canvas is shown.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {PointSet} set
 * @param {boolean} all whether points that are not for training are drawn, too
 */
export function drawPoints(canvas, set, all) {
  const scale = devicePixelRatio || 1;
  const size = canvas.clientWidth;
  if (!size) return;
  canvas.width = canvas.height = Math.round(size * scale);
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(scale, scale);
  const [[left, right], [bottom, top]] = set.domain;
  const limit = Math.max(1, ...set.points.map((point) => Math.abs(point[2])));
  const radius = set.points.length > 2500 ? 1.4 : set.points.length > 700 ? 2 : 2.6;
  const { surface, ink } = theme();
  for (const [x1, x2, label, part] of set.points) {
    if (part !== 0 && !all) continue;
    const x = ((x1 - left) / (right - left)) * size;
    const y = (1 - (x2 - bottom) / (top - bottom)) * size;
    const colour = css(labelColour(set, label, limit));
    context.beginPath();
    trace(context, labelShape(set, label), x, y, radius);
    const training = part === 0;
    if (set.task === "regression") {
      // Colour tells the value here, so that it is the rim that tells the part.
      context.fillStyle = colour;
      context.strokeStyle = training ? css(ink, 0.55) : css(surface);
      context.lineWidth = 0.8;
    } else {
      context.fillStyle = training ? colour : css(surface);
      context.strokeStyle = training ? css(surface) : colour;
      context.lineWidth = training ? 0.8 : 1.4;
    }
    context.fill();
    context.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D | Path2D} path
 * @param {string} shape
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function trace(path, shape, x, y, radius) {
  const polygon = (/** @type {[number, number][]} */ corners) => {
    for (const [index, [dx, dy]] of corners.entries()) {
      if (index) path.lineTo(x + dx * radius, y + dy * radius);
      else path.moveTo(x + dx * radius, y + dy * radius);
    }
    path.closePath();
  };
  switch (shape) {
    case "triangle":
      return polygon([
        [0, -1.3],
        [1.2, 0.9],
        [-1.2, 0.9],
      ]);
    case "square":
      return polygon([
        [-0.95, -0.95],
        [0.95, -0.95],
        [0.95, 0.95],
        [-0.95, 0.95],
      ]);
    case "diamond":
      return polygon([
        [0, -1.4],
        [1.4, 0],
        [0, 1.4],
        [-1.4, 0],
      ]);
    case "plus":
      return polygon([
        [-0.4, -1.2],
        [0.4, -1.2],
        [0.4, -0.4],
        [1.2, -0.4],
        [1.2, 0.4],
        [0.4, 0.4],
        [0.4, 1.2],
        [-0.4, 1.2],
        [-0.4, 0.4],
        [-1.2, 0.4],
        [-1.2, -0.4],
        [-0.4, -0.4],
      ]);
    default:
      return path.arc(x, y, radius, 0, 2 * Math.PI);
  }
}

/**
 * @param {Colour} colour
 * @param {number} [alpha]
 */
export function css([red, green, blue], alpha = 1) {
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}

/**
 * Draws the mark of a class in a legend.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {PointSet} set
 * @param {number} label
 */
export function drawMark(canvas, set, label) {
  const scale = 2;
  canvas.width = canvas.height = 10 * scale;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(scale, scale);
  context.beginPath();
  trace(context, labelShape(set, label), 5, 5, 3.5);
  context.fillStyle = css(labelColour(set, label, 1));
  context.fill();
}
