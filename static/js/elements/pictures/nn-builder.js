/**
 * `<nn-builder>`: the layers of a network for pictures as cards. The server renders them and does what is asked for;
 * this element asks: by menu, by keyboard, and by dragging (drag.js). Layers that were refused stay as a draft, which
 * goes along with every request until it fits or is undone.
 *
 * @import { LabState } from "../../core/types.js"
 */
import { rest } from "../../core/rest.js";
import { session } from "../../core/session.js";
import { toast } from "../toasts.js";
import { offerDraft } from "../undo.js";
import { draggable } from "./drag.js";

/** By keyboard a card moves by so many places. @type {Record<string, number>} */
const STEPS = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 };

class NnBuilder extends HTMLElement {
  /** Where a layer is added. */
  #place = 0;
  /** What is to have the focus when the answer has come. @type {{layer: number, open: boolean} | null} */
  #follow = null;
  /** @type {(() => void)[]} */
  #ends = [];

  connectedCallback() {
    const ending = new AbortController();
    const { signal } = ending;
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    document.addEventListener("htmx:config:request", (event) => this.#sendDraft(event), { signal });
    document.addEventListener("htmx:after:swap", () => this.#swapped(), { signal });
    this.#ends = [
      () => ending.abort(),
      () => offerDraft(null),
      this.#fixed ? () => {} : draggable(this, ".stack-place", (from, to) => this.#move(from, to)),
      session.subscribe({ parts: [], draw: (state) => this.#showWait(state) }),
    ];
    this.#offer();
  }

  disconnectedCallback() {
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    const { place, add, move } = button.dataset;
    if (place) this.#place = Number(place);
    if (add) {
      this.#closePopover(button);
      this.#follow = { layer: this.#place, open: false };
      this.#ask({ action: "add", kind: add, layer: this.#place });
    }
    if (move) {
      const from = layerOf(button);
      this.#closePopover(button);
      this.#move(from, from + Number(move), true);
    }
    if (button.id.startsWith("remove-stack")) this.#closePopover(button);
    if (button.id === "drop-draft") this.#dropDraft();
    if ("cancel" in button.dataset) void cancel();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const card = event.target instanceof Element ? event.target.closest(".stack-open") : null;
    if (!card || this.#fixed) return;
    const step = event.altKey ? (STEPS[event.key] ?? 0) : 0;
    const layer = layerOf(card);
    if (step) this.#move(layer, layer + step);
    else if (event.key === "Delete") this.#remove(layer);
    else return;
    event.preventDefault();
  }

  /**
   * @param {number} from
   * @param {number} to
   * @param {boolean} [open] whether its settings are to be open there, too
   */
  #move(from, to, open = false) {
    const count = this.#cards.length;
    if (to < 0 || to >= count || to === from) return;
    this.#say(`${this.#titleOf(from)} is now layer ${to + 1} of ${count}.`);
    this.#follow = { layer: to, open };
    this.#ask({ action: "move", layer: from, to });
  }

  /** @param {number} layer */
  #remove(layer) {
    this.#say(`${this.#titleOf(layer)} was removed.`);
    this.#follow = { layer: Math.max(0, Math.min(layer, this.#cards.length - 2)), open: false };
    this.#ask({ action: "remove", layer });
  }

  /** @param {Record<string, string | number>} values */
  #ask(values) {
    const swap = "outerMorph swap:40ms";
    void htmx.ajax("POST", this.dataset.url ?? "", { source: "#builder", target: "#lab", swap, values });
  }

  /** Whether the layers are to stay as many as they are, in their order. */
  get #fixed() {
    return "fixed" in this.dataset;
  }

  get #cards() {
    return /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".stack-open"));
  }

  /** @param {number} layer */
  #titleOf(layer) {
    return this.#cards[layer]?.querySelector(".stack-title")?.textContent ?? "";
  }

  /** @param {string} text */
  #say(text) {
    const news = this.querySelector("#stack-news");
    if (news) news.textContent = text;
  }

  /** @param {Element} inside */
  #closePopover(inside) {
    const popover = inside.closest("[popover]");
    if (popover instanceof HTMLElement && popover.matches(":popover-open")) popover.hidePopover();
  }

  /** The cards have come: what was moved has the focus again. */
  #swapped() {
    this.#offer();
    const follow = this.#follow;
    if (!follow) return;
    this.#follow = null;
    const card = this.#cards[follow.layer];
    if (follow.open) card?.click();
    else card?.focus();
  }

  /** The page's undo drops a draft before it takes back what the run knows of. */
  #offer() {
    offerDraft(this.dataset.draft ? () => this.#dropDraft() : null, "layers that do not fit");
  }

  #dropDraft() {
    this.dataset.draft = "";
    const run = session.state.run;
    void htmx.ajax("GET", `/runs/${run}`, {
      source: "#builder",
      target: "#lab",
      swap: "outerMorph",
      values: undefined,
    });
  }

  /** @param {Event} event */
  #sendDraft(event) {
    const { ctx } = /** @type {CustomEvent<{ctx: HtmxContext}>} */ (event).detail;
    if (this.dataset.draft) ctx.request.headers["Draft-Layers"] = this.dataset.draft;
  }

  /** While the network is made ready this says so, where it is being built. @param {Readonly<LabState>} state */
  #showWait({ status, message, playing }) {
    const wait = this.querySelector("#stack-wait");
    if (!(wait instanceof HTMLElement)) return;
    const compiling = status === "compiling";
    if (wait.hidden === compiling) wait.hidden = !compiling;
    const words = wait.querySelector("[data-words]");
    if (words && compiling && words.textContent !== message) words.textContent = message;
    wait.querySelector("[data-cancel]")?.toggleAttribute("hidden", !playing);
  }
}

/** Takes back the wish to train: what is compiled goes on, but nothing starts when it is done. */
async function cancel() {
  session.dispatch({ type: "intent", playing: false });
  const { ok, words } = await rest("POST", `/runs/${session.state.run}/commands`, { type: "pause" });
  if (!ok) toast(words, "problem");
}

/** @param {Element} inside of a card or its settings */
function layerOf(inside) {
  const card = inside.closest(".stack-place")?.querySelector("[data-layer]");
  return Number(/** @type {HTMLElement | null} */ (card)?.dataset.layer ?? -1);
}

customElements.define("nn-builder", NnBuilder);
