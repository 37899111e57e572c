/**
 * `<nn-stage>`: the chosen picture and what each layer makes of it, live; the arithmetic of every unit; the filters. A drawing
 * takes the picture's place when somebody looks into it.
 *
 * @import { MapsExplanation } from "../../core/explain-types.js"
 * @import { Place } from "../../core/receptive.js"
 * @import { Sight } from "../../core/sight.js"
 * @import { LabState } from "../../core/types.js"
 * @import { Spot } from "./stage-pointer.js"
 */
import { tabs } from "../../charts/controls.js";
import { networkFacts, pictureFacts } from "../../charts/run-facts.js";
import { floatsOf } from "../../core/decode.js";
import { exact } from "../../core/format.js";
import { layerTitle, placeWords } from "../../core/layers.js";
import { fieldsOf } from "../../core/receptive.js";
import { session } from "../../core/session.js";
import { exactLayer, sharesOf, sightOf } from "../../core/sight.js";
import { onSubject, subject } from "../../core/subject.js";
import { throttled } from "../../core/throttle.js";
import { showAnswer } from "./class-bars.js";
import { marked } from "./dom.js";
import { ExactValues } from "./exact-values.js";
import { explain } from "./explain.js";
import { showBoxes } from "./stage-boxes.js";
import { StageChoice } from "./stage-choice.js";
import { StageFilters } from "./stage-filters.js";
import { StageLayers } from "./stage-layers.js";
import { StagePointer } from "./stage-pointer.js";
import { StageWays } from "./stage-ways.js";
import { UnitPanel } from "./unit-panel.js";
import { whileVisible } from "./visible.js";

/** How often the layers of a drawing are asked for while the network trains. */
const DRAWING_EVERY = 400;

class NnStage extends HTMLElement {
  #data = pictureFacts(() => this.#draw());
  #network = networkFacts(() => this.#draw());
  /** @type {Sight | null} */
  #sight = null;
  #view = "maps";
  /** @type {(() => void)[]} */
  #ends = [];
  #askDrawing = throttled(DRAWING_EVERY, () => void this.#fetchDrawing());
  #exact = new ExactValues(() => this.#pointer?.follow());
  /** @type {StageLayers | null} */
  #rows = null;
  /** @type {StagePointer | null} */
  #pointer = null;
  /** The place whose arithmetic was asked for last. @type {Spot | null} */
  #opened = null;
  /** @type {UnitPanel | null} */
  #panel = null;
  /** @type {StageFilters | null} */
  #filters = null;
  /** @type {StageChoice | null} */
  #choice = null;
  /** @type {StageWays | null} */
  #ways = null;

  connectedCallback() {
    this.#rows = new StageLayers(marked(this, "rows", HTMLElement), marked(this, "input", HTMLElement));
    this.#pointer = new StagePointer(marked(this, "view", HTMLElement), {
      shapeOf: (layer) => this.#shapes()[layer + 1],
      look: (spot) => this.#look(spot),
      open: (spot, opener) => this.#open(spot, opener),
      words: (spot) => this.#words(spot),
    });
    const panel = this.querySelector(".unit-panel");
    if (panel instanceof HTMLElement) this.#panel = new UnitPanel(panel, () => this.#look(null));
    this.#filters = new StageFilters(marked(this, "filters", HTMLElement), () => this.#data.document);
    this.#choice = new StageChoice(this);
    this.#ways = new StageWays(marked(this, "ways", HTMLElement));
    const views = [
      { value: "maps", label: "Maps" },
      { value: "filters", label: "Filters" },
    ];
    marked(this, "views", HTMLElement).replaceChildren(tabs("Look at", views, this.#view, (view) => this.#turn(view)));
    this.#ends = [
      this.#pointer.connect(),
      this.#panel?.connect() ?? (() => {}),
      this.#choice.connect(),
      onSubject(() => this.#change()),
      whileVisible(this, () => this.#watch()),
    ];
  }

  disconnectedCallback() {
    for (const end of this.#ends) end();
    this.#ends = [];
    this.#askDrawing.cancel();
    this.#exact.stop();
  }

  /** Watches what the present view shows. @returns {() => void} ends it */
  #watch() {
    /** @type {() => void} */
    let end = () => {};
    const begin = () => {
      end();
      end = session.subscribe({
        parts: this.#view === "filters" ? ["filters"] : subject() ? [] : ["maps"],
        draw: (state, drawn) => this.#see(state, drawn),
      });
    };
    begin();
    this.#again = begin;
    return () => {
      this.#again = () => {};
      end();
    };
  }

  /** Asks for other parts, where it watches. */
  #again = () => {};

  /** @param {string} view */
  #turn(view) {
    this.#view = view;
    for (const element of this.querySelectorAll("[data-view]")) {
      if (element instanceof HTMLElement) element.hidden = element.dataset.view !== view;
    }
    this.#again();
  }

  /** Something else is looked into: a drawing, or the chosen picture again. */
  #change() {
    this.#again();
    this.#sight = subject() ? this.#sight : session.state.maps && sightOf(session.state.maps);
    if (subject()) this.#askDrawing();
    this.#draw();
  }

  /**
   * @param {Readonly<LabState>} state
   * @param {Readonly<LabState>} drawn
   */
  #see(state, drawn) {
    this.#data.watch(state);
    this.#network.watch(state);
    this.#choice?.see(state, drawn);
    const anew = drawn.revision < 0;
    if (state.filters !== drawn.filters || anew) this.#filters?.draw(state.filters?.layers ?? [], state.origin);
    if (subject()) {
      if (state.step !== drawn.step || state.revision !== drawn.revision) this.#askDrawing();
    } else if (state.maps && (state.maps !== drawn.maps || !this.#sight)) this.#sight = sightOf(state.maps);
    if (state.maps !== drawn.maps || state.status !== drawn.status || state.step !== drawn.step || anew) this.#draw();
  }

  async #fetchDrawing() {
    const drawing = subject();
    if (!drawing) return;
    const { ok, value } = await explain({ kind: "maps" }, { row: null });
    if (!ok || subject() !== drawing) return;
    const { predicted, layers } = /** @type {MapsExplanation} */ (value);
    const inner = layers.slice(0, -1).map(({ output }) => exactLayer(output.shape, floatsOf(output)));
    const outputs = layers.at(-1);
    this.#sight = {
      row: null,
      label: null,
      predicted,
      input: { shape: drawing.shape, bytes: Uint8Array.from(drawing.values, (shade) => Math.round(shade * 255)) },
      layers: inner,
      outputs: outputs ? floatsOf(outputs.output) : new Float32Array(),
      box: null,
    };
    this.#draw();
  }

  #draw() {
    const [sight, data, network] = [this.#sight, this.#data.document, this.#network.document];
    const { layers, output_activation: activation } = network?.resolved.network ?? {
      layers: [],
      output_activation: "",
    };
    if (!sight || !data || layers.length !== sight.layers.length) return;
    const names = data.class_names;
    this.#rows?.draw(sight, layers);
    const picture = this.querySelector("[data-input] .stage-map");
    showBoxes(picture, marked(this, "boxes", HTMLElement), sight, names.length);
    this.#choice?.show(sight, data);
    const shares = sharesOf(sight.outputs, names.length, activation);
    const list = marked(this, "answer", HTMLUListElement);
    showAnswer(list, { names, shares, predicted: sight.predicted, label: sight.label }, (unit, opener) => {
      this.#explain(sight.layers.length, { unit }, opener);
    });
    this.#ways?.follow(sight, names);
    this.#panel?.follow(sight);
    this.#pointer?.follow();
  }

  /** Of the picture, then of the layers. */
  #shapes() {
    const sight = this.#sight;
    return sight ? [sight.input.shape, ...sight.layers.map(({ shape }) => shape)] : [];
  }

  /**
   * Outlines what feeds the place that is pointed at; with none, the place whose arithmetic is open.
   *
   * @param {Spot | null} pointed
   */
  #look(pointed) {
    const { layers } = this.#network.document?.resolved.network ?? { layers: [] };
    const spot = pointed ?? (this.#panel?.open ? this.#opened : null);
    if (!spot) {
      this.#rows?.clear();
      return;
    }
    const shapes = this.#shapes();
    this.#rows?.cross(spot.canvas, spot.at);
    this.#rows?.mark(spot.layer < 0 ? [] : fieldsOf(layers, shapes, spot.layer, spot.place), shapes);
  }

  /** @param {Spot} spot */
  #words({ layer, place }) {
    const sight = this.#sight;
    const value = sight && this.#exact.at(layer, place, sight);
    return `${placeWords(place)}\n${value === null ? "…" : exact(value)}`;
  }

  /**
   * @param {Spot} spot
   * @param {HTMLElement} opener
   */
  #open(spot, opener) {
    this.#opened = spot;
    this.#explain(spot.layer, spot.place, opener);
  }

  /**
   * Shows the arithmetic of a unit.
   *
   * @param {number} layer the output layer behind the others
   * @param {Place} place
   * @param {HTMLElement} opener
   */
  #explain(layer, place, opener) {
    const sight = this.#sight;
    if (!sight) return;
    const shapes = this.#shapes();
    const names = this.#data.document?.class_names ?? [];
    const described = this.#network.document?.resolved.network.layers[layer];
    const title = described
      ? `${layer + 1} ${layerTitle(described)}, ${placeWords(place)}`
      : `Output, ${"unit" in place ? (names[place.unit] ?? placeWords(place)) : ""}`;
    const memory = { product: null, before: shapes[layer] ?? [], own: shapes[layer + 1] ?? [] };
    this.#panel?.show({ title, layer, place, of: sight, names, memory }, opener);
  }
}

customElements.define("nn-stage", NnStage);
