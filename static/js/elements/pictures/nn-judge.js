/**
 * `<nn-judge>`: how well the network tells pictures apart, seen in several ways. Each way names the parts of a frame that it
 * shows; none is asked for while another way is looked at.
 *
 * @import { LabState } from "../../core/types.js"
 * @import { JudgeView } from "./judge-views.js"
 */
import { Plot } from "../../charts/pictures/plot.js";
import { pictureFacts } from "../../charts/run-facts.js";
import { session } from "../../core/session.js";
import { aboutButton, made, marked, write } from "./dom.js";
import { BoxesView } from "./judge-boxes.js";
import { CalibrationView, MistakesView } from "./judge-answers.js";
import { ConfusionView } from "./judge-confusion.js";
import { EmbeddingView } from "./judge-embedding.js";
import { whileVisible } from "./visible.js";

class NnJudge extends HTMLElement {
  #data = pictureFacts(() => this.#renew());
  /** @type {Plot | null} */
  #plot = null;
  /** @type {JudgeView[]} */
  #views = [];
  #shown = "confusion";
  #offered = "";
  #choice = made("select", "input");
  #about = aboutButton();
  /** @type {(() => void)[]} */
  #ends = [];
  /** Asks for other parts, where it watches. */
  #again = () => {};

  connectedCallback() {
    const tell = (/** @type {string} */ words) => write(marked(this, "words", HTMLElement), words);
    const host = {
      above: marked(this, "above", HTMLElement),
      details: marked(this, "details", HTMLElement),
      tell,
      renew: () => this.#draw(true),
      watch: () => this.#again(),
      umap: this.hasAttribute("data-umap"),
    };
    this.#views = [
      new BoxesView(host),
      new ConfusionView(host),
      new MistakesView(host),
      new CalibrationView(host),
      new EmbeddingView(host),
    ];
    this.#choice.ariaLabel = "Judge by";
    this.#choice.dataset.local = "";
    this.#choice.onchange = () => this.#turn(this.#choice.value);
    marked(this, "choice", HTMLElement).replaceChildren(this.#choice, this.#about);
    const canvas = marked(this, "canvas", HTMLElement);
    this.#plot = new Plot(canvas, (point) => this.#view().clicked?.(point), tell);
    this.#ends = [whileVisible(this, () => this.#watch()), () => this.#plot?.close()];
    this.#renew();
  }

  disconnectedCallback() {
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  /** @returns {JudgeView} */
  #view() {
    const [first] = this.#views;
    return this.#views.find(({ name }) => name === this.#shown) ?? /** @type {JudgeView} */ (first);
  }

  /** Watches what the present view shows. @returns {() => void} ends it */
  #watch() {
    /** @type {() => void} */
    let end = () => {};
    this.#again = () => {
      end();
      const { parts } = this.#view();
      end = session.subscribe({ parts, draw: (state, drawn) => this.#see(state, drawn) });
    };
    this.#again();
    return () => {
      this.#again = () => {};
      end();
    };
  }

  /**
   * @param {Readonly<LabState>} state
   * @param {Readonly<LabState>} drawn
   */
  #see(state, drawn) {
    this.#data.watch(state);
    if (state !== drawn) this.#draw(drawn.revision < 0);
  }

  /** The data is another: so may be the views that are offered. */
  #renew() {
    const detects = Boolean(this.#data.document?.boxes);
    const offered = this.#views.filter(({ name }) => detects || name !== "boxes");
    const key = offered.map(({ name }) => name).join();
    if (key !== this.#offered) {
      this.#turn(offered[0]?.name ?? "");
      const options = offered.map(({ name, title }) => new Option(title, name, false, name === this.#shown));
      this.#choice.replaceChildren(...options);
    }
    this.#offered = key;
    this.#draw(true);
  }

  /** @param {string} name */
  #turn(name) {
    this.#shown = this.#about.dataset.about = name;
    marked(this, "above", HTMLElement).replaceChildren();
    this.#view().begin();
    this.#again();
    this.#draw(true);
  }

  /** @param {boolean} atOnce */
  #draw(atOnce) {
    const view = this.#view();
    const data = this.#data.document;
    const plot = marked(this, "plot", HTMLElement);
    if (!data || session.state.revision < 0) return;
    const figure = view.draw(session.state, data);
    plot.hidden = !figure;
    if (!figure) return;
    this.#plot?.show(figure, atOnce);
    const summary = view.summary();
    if (plot.getAttribute("aria-label") !== summary) plot.setAttribute("aria-label", summary);
  }
}

customElements.define("nn-judge", NnJudge);
