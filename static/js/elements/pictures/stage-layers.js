/**
 * The rows of the stage: for each layer its maps, or its units as cells. It draws and marks; who points and clicks is
 * StagePointer's affair.
 *
 * @import { PictureLayer } from "../../core/picture-types.js"
 * @import { Box, Field } from "../../core/receptive.js"
 * @import { Sight, SightLayer } from "../../core/sight.js"
 */
import { paintMap, paintPicture, paintUnits } from "../../charts/pictures/canvases.js";
import { layerDetail, layerTitle, shapeWords } from "../../core/layers.js";
import { within } from "../../core/receptive.js";
import { rowLayout } from "../../core/sight.js";
import { made } from "./dom.js";

/** What is known of a row: index 0 is the picture, then come the layers. @typedef {{row: HTMLElement, canvases: HTMLCanvasElement[]}} Row */

export class StageLayers {
  #root;
  #input;
  /** @type {Row[]} */
  #rows = [];
  #made = "";

  /**
   * @param {HTMLElement} root holds the rows
   * @param {HTMLElement} input holds the picture
   */
  constructor(root, input) {
    this.#root = root;
    this.#input = input;
  }

  /**
   * @param {Sight} sight
   * @param {PictureLayer[]} layers
   */
  draw(sight, layers) {
    const key = JSON.stringify([layers, sight.input.shape, sight.layers.map(({ shape }) => shape)]);
    if (key !== this.#made) this.#make(sight, layers);
    this.#made = key;
    const [picture, ...rows] = this.#rows;
    if (picture?.canvases[0]) paintPicture(picture.canvases[0], sight.input.bytes, sight.input.shape);
    for (const [index, layer] of sight.layers.entries()) drawRow(rows[index]?.canvases ?? [], layer);
  }

  /**
   * Outlines what feeds a place, on the picture and on every layer before it; with nothing, no more.
   *
   * @param {(Field | null)[]} fields
   * @param {number[][]} shapes of the picture, then of the layers
   */
  mark(fields, shapes) {
    for (const [index, { row, canvases }] of this.#rows.entries()) {
      const field = fields[index];
      const shape = shapes[index] ?? [];
      if (field) place(row, within(field.box, shape), shape);
      for (const [channel, canvas] of canvases.entries()) {
        const fed = Boolean(field && (index === 0 || field.channel === null || field.channel === channel));
        canvas.parentElement?.classList.toggle("fed", fed);
      }
    }
  }

  /**
   * The cross at a place.
   *
   * @param {HTMLCanvasElement} canvas
   * @param {{x: number, y: number}} at
   */
  cross(canvas, { x, y }) {
    this.#uncross();
    if (!canvas.parentElement) return;
    canvas.parentElement.classList.add("crossed");
    place(canvas.parentElement, { top: y, left: x, height: 1, width: 1 }, [1, canvas.height, canvas.width], "cross");
  }

  /** Takes cross and outlines away. */
  clear() {
    this.#uncross();
    this.mark([], []);
  }

  #uncross() {
    for (const { canvases } of this.#rows) {
      for (const canvas of canvases) canvas.parentElement?.classList.remove("crossed");
    }
  }

  /**
   * @param {Sight} sight
   * @param {PictureLayer[]} layers
   */
  #make(sight, layers) {
    const canvas = mapOf(-1, 0);
    this.#input.replaceChildren(canvas.parentElement ?? canvas);
    this.#rows = [
      { row: this.#input, canvases: [canvas] },
      ...sight.layers.map((layer, index) => rowOf(layer, layers[index], index)),
    ];
    this.#root.replaceChildren(...this.#rows.slice(1).map(({ row }) => row));
  }
}

/**
 * @param {SightLayer} layer
 * @param {PictureLayer | undefined} described
 * @param {number} index
 * @returns {Row}
 */
function rowOf(layer, described, index) {
  const [channels = 0] = layer.shape;
  const maps = layer.shape.length > 1;
  const title = `${index + 1} ${layerTitle(described)}`;
  const shape = shapeWords(layer.shape);
  const told = maps && layer.shown < channels ? `${shape}, the first ${layer.shown} shown` : shape;
  const strip = made("div", maps ? "stage-maps" : "stage-units");
  strip.dataset.layer = String(index);
  strip.tabIndex = 0;
  strip.setAttribute("role", "application");
  strip.setAttribute("aria-label", `${title}: ${told}`);
  strip.setAttribute("aria-describedby", "stage-keys");
  const canvases = maps
    ? Array.from({ length: layer.shown }, (_, channel) => mapOf(index, channel))
    : [mapOf(index, 0, rowLayout(channels))];
  strip.append(...canvases.map((canvas) => canvas.parentElement ?? canvas));
  const details = [layerDetail(described), told].filter(Boolean).map((text) => made("p", "note", text));
  const head = made("div", "stage-head", made("h4", "", title), ...details);
  return { row: made("section", "stage-row", head, strip), canvases };
}

/**
 * A canvas in its frame, upon which outlines are drawn.
 *
 * @param {number} layer
 * @param {number} channel
 * @param {{columns: number, lines: number, cell: number}} [units] where it shows a row
 */
function mapOf(layer, channel, units) {
  const canvas = made("canvas", "pixels");
  canvas.setAttribute("aria-hidden", "true");
  Object.assign(canvas.dataset, { map: String(layer), channel: String(channel) });
  const frame = made("div", units ? "stage-map stage-cells" : "stage-map", canvas);
  if (units) {
    frame.style.setProperty("--columns", String(units.columns * units.cell));
    frame.style.setProperty("--lines", String(units.lines * units.cell));
  }
  return canvas;
}

/**
 * @param {HTMLCanvasElement[]} canvases
 * @param {SightLayer} layer
 */
function drawRow(canvases, { shape, bytes, values }) {
  const [, height = 1, width = 1] = shape;
  const plane = height * width;
  for (const [channel, canvas] of canvases.entries()) {
    if (shape.length > 1) paintMap(canvas, bytes.subarray(channel * plane, (channel + 1) * plane), [height, width]);
    else paintUnits(canvas, values, rowLayout(values.length));
  }
}

/**
 * @param {HTMLElement} element
 * @param {Box} box
 * @param {number[]} shape
 * @param {string} [name] of the style's variables
 */
function place(element, { top, left, height, width }, [, rows = 1, columns = 1], name = "fed") {
  const share = (/** @type {number} */ part, /** @type {number} */ all) => `${((part / all) * 100).toFixed(3)}%`;
  element.style.setProperty(`--${name}-top`, share(top, rows));
  element.style.setProperty(`--${name}-left`, share(left, columns));
  element.style.setProperty(`--${name}-height`, share(height, rows));
  element.style.setProperty(`--${name}-width`, share(width, columns));
}
