/**
 * Where samples are for the output layer: classes that it can tell apart are clouds of their own. A click looks at a picture.
 * Principal components are live; UMAP, where the server has it, is computed when somebody asks for it.
 *
 * @import { Host, JudgeView } from "./judge-views.js"
 * @import { Clicked } from "../../charts/pictures/plot.js"
 * @import { UmapEmbedding } from "../../core/explain-types.js"
 * @import { Embedding } from "../../core/picture-types.js"
 */
import { tabs } from "../../charts/controls.js";
import { embeddingFigure } from "../../charts/pictures/judge-figures.js";
import { bytesOf, floatsOf } from "../../core/decode.js";
import { count } from "../../core/format.js";
import { session } from "../../core/session.js";
import { button } from "./dom.js";
import { explain } from "./explain.js";
import { JudgeWay } from "./judge-views.js";
import { look } from "./look.js";

const PARTS = ["embedding"];
const METHODS = [
  { value: "pca", label: "PCA", title: "Principal component analysis, live" },
  { value: "umap", label: "UMAP", title: "Uniform manifold approximation and projection, computed when asked for" },
];
const CLICK = "Click a point to look at its picture.";

export class EmbeddingView extends JudgeWay {
  #words = "";
  #method = "pca";
  #umap = new LatestUmap(() => this.host.renew());
  #again = button("Compute anew", () => {
    void this.#umap.ask();
    this.host.renew();
  });

  /** @param {Host} host */
  constructor(host) {
    super(host, { name: "embedding", title: "Embedding", parts: PARTS });
  }

  /** @override */
  begin() {
    const choice = tabs("Embedding by", METHODS, this.#method, (method) => {
      this.#turn(method);
      this.host.watch();
      this.host.renew();
    });
    super.begin();
    if (this.host.umap) this.host.above.replaceChildren(choice, this.#again);
    this.#turn(this.#method);
  }

  /** @type {JudgeView["draw"]} */
  draw({ embedding }, { class_names: names }) {
    return this.#method === "umap" ? this.#drawUmap(names) : this.#drawComponents(embedding, names);
  }

  /** @override */
  summary() {
    return this.#words;
  }

  /** @param {Clicked} point */
  clicked({ customdata }) {
    if (typeof customdata === "number") void look(customdata);
  }

  /** @param {string} method */
  #turn(method) {
    const live = method === "pca";
    this.#method = method;
    this.#again.hidden = live;
    this.parts = live ? PARTS : [];
    if (!live) return; // that is told when it is drawn
    const more = this.host.umap ? "" : " For UMAP as well, the server needs umap-learn (pip install umap-learn).";
    this.host.tell(`What the output layer sees of some pictures, in two principal components. ${CLICK}${more}`);
  }

  /**
   * @param {Embedding | null} embedding
   * @param {string[]} names
   */
  #drawComponents(embedding, names) {
    if (!embedding) return null;
    const { points, labels, rows, shares } = embedding;
    const share = (/** @type {number} */ value) => `${(value * 100).toFixed(0)} %`;
    this.#words = `${count(rows.length)} pictures as the output layer sees them; two components show ${share(shares[0] + shares[1])} of their variance`;
    const samples = { points: floatsOf(points), labels: bytesOf(labels.data), rows };
    return embeddingFigure(samples, [`Component 1 · ${share(shares[0])}`, `Component 2 · ${share(shares[1])}`], names);
  }

  /** @param {string[]} names */
  #drawUmap(names) {
    this.#umap.watch();
    const { embedding, problem, waits } = this.#umap;
    const news = waits ? "The server computes UMAP: some seconds, the first time up to a minute…" : problem;
    if (news) this.host.tell(news);
    if (!embedding) return null;
    const { points, labels, rows, epoch } = embedding;
    this.#words = `${count(rows.length)} pictures as the output layer saw them at epoch ${count(epoch)}`;
    const reading = "Those close together are alike to it; how far islands lie apart says little.";
    if (!news) this.host.tell(`${this.#words}. ${reading} ${CLICK}`);
    const samples = { points: floatsOf(points), labels: bytesOf(labels.data), rows };
    return embeddingFigure(samples, ["UMAP 1", "UMAP 2"], names);
  }
}

/** The last UMAP of the present data. */
class LatestUmap {
  #news;
  /** Of which data it was asked for. */
  #asked = "";
  /** @type {UmapEmbedding | null} */
  embedding = null;
  /** Why there is no newer one, in words. */
  problem = "";
  waits = false;

  /** @param {() => void} news called when it came, or will not come */
  constructor(news) {
    this.#news = news;
  }

  /** Asks, if the data is another. */
  watch() {
    if (this.#asked === dataNow()) return;
    this.embedding = null;
    this.waits = false;
    void this.ask();
  }

  async ask() {
    if (this.waits) return;
    this.waits = true;
    const data = (this.#asked = dataNow());
    const { ok, value, words } = await explain({ kind: "umap" });
    if (data !== this.#asked) return;
    this.waits = false;
    this.problem = words;
    if (ok) this.embedding = value;
    this.#news();
  }
}

/** Tells apart what has other samples, or begins anew. */
function dataNow() {
  const { run, origin } = session.state;
  return `${run}/${origin}`;
}
