/**
 * Where samples are for the output layer: classes that it can tell apart are clouds of their own. A click looks at a picture.
 *
 * @import { Host, JudgeView } from "./judge-views.js"
 * @import { Clicked } from "../../charts/pictures/plot.js"
 */
import { embeddingFigure } from "../../charts/pictures/judge-figures.js";
import { bytesOf, floatsOf } from "../../core/decode.js";
import { count } from "../../core/format.js";
import { JudgeWay } from "./judge-views.js";
import { look } from "./look.js";

export class EmbeddingView extends JudgeWay {
  #words = "";

  /** @param {Host} host */
  constructor(host) {
    super(host, { name: "embedding", title: "Embedding", parts: ["embedding"] });
  }

  /** @override */
  begin() {
    super.begin();
    this.host.tell(
      "What the output layer sees of some pictures, in two principal components. Click a point to look at its picture.",
    );
  }

  /** @type {JudgeView["draw"]} */
  draw({ embedding }, { class_names: names }) {
    if (!embedding) return null;
    const points = floatsOf(embedding.points);
    const own = (/** @type {number} */ axis) => embedding.rows.map((_, index) => points[2 * index + axis] ?? 0);
    const share = embedding.shares.reduce((sum, value) => sum + value, 0);
    this.#words = `${count(embedding.rows.length)} pictures as the output layer sees them; two components show ${(share * 100).toFixed(0)} % of their variance`;
    const labels = bytesOf(embedding.labels.data);
    return embeddingFigure({ x: own(0), y: own(1), labels, rows: embedding.rows, shares: embedding.shares }, names);
  }

  /** @override */
  summary() {
    return this.#words;
  }

  /** @param {Clicked} point */
  clicked({ customdata }) {
    if (typeof customdata === "number") void look(customdata);
  }
}
