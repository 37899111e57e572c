/**
 * A small picture of an experiment: what the network answers over the plane, and some points above it.
 *
 * @import { Boundary, PointSet } from "../core/types.js"
 */
import { drawBoundary } from "./heatmap.js";
import { drawPoints } from "./scatter.js";

/**
 * Draws into the canvases of `picture`: the map into the first, points into the second, if there is one.
 *
 * @param {Element} picture
 * @param {{boundary: Boundary | null, points?: PointSet}} thumbnail
 */
export function drawThumbnail(picture, { boundary, points }) {
  const [map, dots] = picture.querySelectorAll("canvas");
  if (map && boundary) drawBoundary(map, boundary, false);
  if (dots && points) drawPoints(dots, points, true);
}
