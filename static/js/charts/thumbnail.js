/**
 * A small picture of an experiment: what the network answers over the plane, and some points above it; or some of the
 * pictures that it learns from.
 *
 * @import { Boundary, PackedArray, PointSet } from "../core/types.js"
 */
import { drawBoundary } from "./heatmap.js";
import { paintMosaic } from "./pictures/mosaic.js";
import { drawPoints } from "./scatter.js";

const sight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting || !(target instanceof HTMLElement)) continue;
    drawHeld(target);
    sight.unobserve(target);
  }
});

/** So many pictures stand side by side. */
const COLUMNS = 3;

/**
 * Draws into the canvases of `picture`: the map or the pictures into the first, points into the second, if there is one.
 *
 * @param {Element} picture
 * @param {{boundary: Boundary | null, points?: PointSet | null, pictures?: PackedArray | null}} thumbnail
 */
export function drawThumbnail(picture, { boundary, points, pictures }) {
  const [map, dots] = picture.querySelectorAll("canvas");
  if (map && boundary) drawBoundary(map, boundary, false);
  if (map && pictures) paintMosaic(map, pictures, COLUMNS);
  map?.classList.toggle("pixelated", Boolean(pictures));
  if (dots && points) drawPoints(dots, points, true);
}

/**
 * Draws the thumbnail that a picture holds in `data-thumbnail`, if it holds one.
 *
 * @param {HTMLElement} picture
 */
export function drawHeld(picture) {
  const { thumbnail } = picture.dataset;
  if (thumbnail) drawThumbnail(picture, JSON.parse(thumbnail));
}

/**
 * Has each picture of a list that holds a thumbnail drawn when it comes into sight: now, or when somebody scrolls there.
 *
 * @param {Element} list
 */
export function drawInSight(list) {
  for (const picture of list.querySelectorAll("[data-thumbnail]")) sight.observe(picture);
}
