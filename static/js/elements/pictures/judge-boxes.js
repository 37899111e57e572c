/**
 * Test pictures of a detection: the right box drawn through, the predicted one dashed, and how much they overlap.
 *
 * @import { Host, JudgeView } from "./judge-views.js"
 * @import { Shown } from "./pictures.js"
 */
import { cornered } from "../../charts/pictures/canvases.js";
import { floatsOf } from "../../core/decode.js";
import { JudgeWay } from "./judge-views.js";
import { PictureTiles } from "./picture-tiles.js";
import { fetchPictures } from "./pictures.js";

export class BoxesView extends JudgeWay {
  #tiles = new PictureTiles();
  /** @type {Shown | null} */
  #page = null;
  #asked = "";

  /** @param {Host} host */
  constructor(host) {
    super(host, { name: "boxes", title: "Boxes", parts: ["boxes"] });
  }

  /** @override */
  begin() {
    this.host.details.replaceChildren(this.#tiles.element);
    this.host.tell("The frame drawn through is the right one, the dashed one is where the network sees it.");
  }

  /** @type {JudgeView["draw"]} */
  draw({ boxes, run, origin }, { class_names: names }) {
    if (!boxes) return null;
    const wanted = `${run}/${origin}/${boxes.rows.join()}`;
    if (wanted !== this.#asked) void this.#fetch(wanted, boxes.rows);
    if (!this.#page || this.#page.rows.length !== boxes.rows.length) return null;
    const [truth, predicted] = [floatsOf(boxes.truth), floatsOf(boxes.predicted)];
    const words = (/** @type {number} */ index) =>
      `${names[boxes.classes[index] ?? -1] ?? ""}, overlap ${((boxes.iou[index] ?? 0) * 100).toFixed(0)} %`;
    const frames = (/** @type {number} */ index) => [
      { box: cornered(truth.subarray(4 * index, 4 * index + 4)), kind: "truth" },
      { box: cornered(predicted.subarray(4 * index, 4 * index + 4)), kind: "predicted" },
    ];
    this.#tiles.show(this.#page, words, frames);
    return null;
  }

  /**
   * @param {string} wanted
   * @param {number[]} rows
   */
  async #fetch(wanted, rows) {
    this.#asked = wanted;
    const page = await fetchPictures(rows);
    if (wanted !== this.#asked) return;
    this.#page = page;
    if (page) this.host.renew();
    else this.#asked = "";
  }
}
