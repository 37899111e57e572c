/**
 * The boxes of the chosen picture, where a network learns to find things: the right one drawn through, the predicted one
 * dashed, and how much they overlap.
 *
 * @import { Sight } from "../../core/sight.js"
 */
import { cornered, frameOver } from "../../charts/pictures/canvases.js";
import { write } from "./dom.js";

/**
 * @param {Element | null} picture lies below the boxes
 * @param {HTMLElement} note tells of them in words
 * @param {Sight} sight
 * @param {number} classes the outputs behind them are the predicted box
 */
export function showBoxes(picture, note, { box, outputs }, classes) {
  for (const old of picture?.querySelectorAll(".frame-over") ?? []) old.remove();
  const found = outputs.length > classes ? outputs.subarray(-4) : null;
  if (box) picture?.append(frameOver(cornered(box.truth), "truth"));
  if (found) picture?.append(frameOver(cornered(found), "predicted"));
  note.hidden = !found;
  const right = box ? `Drawn through: the right box. They share ${(box.iou * 100).toFixed(0)} % (IoU).` : "";
  write(note, `Dashed: where the network sees it. ${right}`);
}
