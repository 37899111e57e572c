/**
 * `<nn-draw>`: a drawing that the network reads while it is drawn. It is brought to the size of the data's pictures; digits to
 * their middle and scale as well. “Look inside” shows it on the stage.
 *
 * @import { PictureRun } from "../../charts/run-facts.js"
 * @import { PicturePage } from "../../core/picture-types.js"
 * @import { LabState } from "../../core/types.js"
 */
import { paintPicture } from "../../charts/pictures/canvases.js";
import { networkFacts, pictureFacts } from "../../charts/run-facts.js";
import { centred, extentOf, reduced } from "../../core/drawn.js";
import { rest } from "../../core/rest.js";
import { session } from "../../core/session.js";
import { sharesOf } from "../../core/sight.js";
import { lookInto, subject } from "../../core/subject.js";
import { throttled } from "../../core/throttle.js";
import { showAnswer } from "./class-bars.js";
import { made, marked, write } from "./dom.js";
import { DrawPad } from "./draw-pad.js";
import { firstPictures } from "./pictures.js";
import { whileVisible } from "./visible.js";

/** The network is asked at most so often, in milliseconds. */
const ASK_EVERY = 120;
/** The kinds of data whose pictures are all centred and of one size. */
const CENTRED = ["digits", "mnist"];
/** From so many of them is learnt how large they are. */
const MEASURED = 100;
const COLOURS = ["#ffffff", "#000000", "#e53935", "#fb8c00", "#fdd835", "#43a047", "#1e88e5", "#8e24aa", "#795548"];
const COLOUR_NAMES = ["White", "Black", "Red", "Orange", "Yellow", "Green", "Blue", "Violet", "Brown"];

class NnDraw extends HTMLElement {
  #data = pictureFacts(() => void this.#prepare());
  #network = networkFacts(() => void this.#prepare());
  /** @type {DrawPad | null} */
  #pad = null;
  /** How much of their side pictures of the data fill. */
  #extent = 1;
  /** The data that the drawing is for. */
  #for = "";
  /** What the network sees. @type {Float32Array} */
  #seen = new Float32Array();
  #asked = 0;
  /** @type {(() => void)[]} */
  #ends = [];
  #ask = throttled(ASK_EVERY, () => void this.#read());

  connectedCallback() {
    this.#pad = new DrawPad(marked(this, "pad", HTMLCanvasElement), () => this.#drawn());
    const ending = new AbortController();
    const { signal } = ending;
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    marked(this, "width", HTMLInputElement).addEventListener("input", () => this.#measure(), { signal });
    marked(this, "centre", HTMLInputElement).addEventListener("change", () => this.#drawn(), { signal });
    this.#measure();
    this.#ends = [
      () => ending.abort(),
      this.#pad.connect(),
      whileVisible(this, () => session.subscribe({ parts: [], draw: (state, drawn) => this.#see(state, drawn) })),
    ];
  }

  disconnectedCallback() {
    for (const end of this.#ends) end();
    this.#ends = [];
    this.#ask.cancel();
  }

  /**
   * @param {Readonly<LabState>} state
   * @param {Readonly<LabState>} drawn
   */
  #see(state, drawn) {
    this.#data.watch(state);
    this.#network.watch(state);
    const learnt = state.step !== drawn.step || state.revision !== drawn.revision;
    if (learnt && this.#pad && !this.#pad.empty) this.#ask();
  }

  /** @returns {{data: PicturePage, run: PictureRun["resolved"]} | null} what it draws for */
  get #known() {
    const [data, network] = [this.#data.document, this.#network.document];
    return data && network ? { data, run: network.resolved } : null;
  }

  /** Gets ready for the data: colours, and the size of its pictures. A drawing for other data is forgotten. */
  async #prepare() {
    const known = this.#known;
    if (!known) return;
    const { data, run } = known;
    const wanted = `${run.data.kind}/${data.shape.join()}`;
    if (wanted === this.#for) return;
    const begun = Boolean(this.#for);
    this.#for = wanted;
    this.#offerColours(data.shape[0] > 1);
    const centre = marked(this, "centre", HTMLInputElement);
    centre.checked = CENTRED.includes(run.data.kind);
    const label = centre.closest("label");
    if (label) label.hidden = data.shape[0] > 1;
    if (begun) this.#pad?.reset();
    this.#drawn();
    const page = await firstPictures(MEASURED);
    if (!page || wanted !== this.#for || data.shape[0] > 1) return;
    const side = page.shape[1] ?? 1;
    this.#extent = extentOf(
      page.pictures.map((bytes) => Float32Array.from(bytes, (byte) => byte / 255)),
      side,
    );
    this.#drawn();
  }

  /** @param {boolean} coloured */
  #offerColours(coloured) {
    const group = marked(this, "colours", HTMLElement);
    group.hidden = !coloured;
    const swatches = COLOURS.map((colour, index) => {
      const swatch = made("button", "draw-colour");
      swatch.type = "button";
      swatch.dataset.colour = colour;
      swatch.style.backgroundColor = colour;
      swatch.title = COLOUR_NAMES[index] ?? colour;
      swatch.setAttribute("aria-label", swatch.title);
      swatch.setAttribute("aria-pressed", String(index === 0));
      return swatch;
    });
    group.replaceChildren(...swatches);
    if (this.#pad) this.#pad.ink = COLOURS[0] ?? "#ffffff";
  }

  #measure() {
    if (this.#pad) this.#pad.width = marked(this, "width", HTMLInputElement).valueAsNumber;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const pressed = event.target instanceof Element ? event.target.closest("button") : null;
    const pad = this.#pad;
    if (!pressed || !pad) return;
    const { tool, act, colour } = pressed.dataset;
    if (act === "undo") pad.undo();
    if (act === "clear") pad.clear();
    if (tool) pad.erases = tool === "eraser";
    if (colour) pad.ink = colour;
    const group = tool ? "[data-tool]" : colour ? "[data-colour]" : "";
    if (group)
      for (const other of this.querySelectorAll(group)) other.setAttribute("aria-pressed", String(other === pressed));
    if (pressed.dataset.inside !== undefined) this.#lookInside();
  }

  /** The drawing is another: shows what the network sees of it, and asks. */
  #drawn() {
    const [known, pad] = [this.#known, this.#pad];
    if (!known || !pad) return;
    const { shape } = known.data;
    const [channels, size] = shape;
    const { width: side } = marked(this, "pad", HTMLCanvasElement);
    const planes = pad
      .values(channels)
      .map((values) =>
        marked(this, "centre", HTMLInputElement).checked
          ? centred(values, side, size, this.#extent)
          : reduced(values, side, size),
      );
    this.#seen = Float32Array.from(planes.flatMap((plane) => [...plane]));
    const bytes = Uint8Array.from(this.#seen, (value) => Math.round(value * 255));
    paintPicture(marked(this, "preview", HTMLCanvasElement), bytes, shape);
    for (const [name, off] of Object.entries({ undo: !pad.undoable, clear: pad.empty })) {
      const button = this.querySelector(`[data-act=${name}]`);
      if (button instanceof HTMLButtonElement) button.disabled = off;
    }
    marked(this, "inside", HTMLButtonElement).disabled = pad.empty;
    marked(this, "answer", HTMLElement).hidden = pad.empty;
    if (subject()) this.#lookInside();
    if (!pad.empty) this.#ask();
    else write(marked(this, "words", HTMLElement), "Draw something, and the network will say what it reads.");
  }

  /** Asks what the network reads; only the latest answer counts. */
  async #read() {
    const known = this.#known;
    if (!known || !this.#seen.length) return;
    this.#asked += 1;
    const mine = this.#asked;
    const inputs = [[...this.#seen]];
    const { ok, value, words } = await rest("POST", `/runs/${session.state.run}/predict`, { inputs });
    if (mine !== this.#asked || this.#pad?.empty) return;
    const told = marked(this, "words", HTMLElement);
    if (!ok) {
      write(told, words);
      return;
    }
    const names = known.data.class_names;
    const shares = sharesOf(value.outputs[0], names.length, known.run.network.output_activation);
    const predicted = shares.indexOf(Math.max(...shares));
    showAnswer(marked(this, "answer", HTMLUListElement), { names, shares, predicted, label: null });
    write(told, `It reads ${names[predicted] ?? predicted}, ${((shares[predicted] ?? 0) * 100).toFixed(0)} % sure.`);
  }

  #lookInside() {
    const shape = this.#known?.data.shape;
    if (!shape || this.#pad?.empty) return;
    lookInto({ values: this.#seen, shape });
    const stage = document.getElementById("picture-stage");
    if (stage && innerWidth < 700 && document.activeElement?.matches("[data-inside]"))
      stage.scrollIntoView({ block: "start" });
  }
}

customElements.define("nn-draw", NnDraw);
