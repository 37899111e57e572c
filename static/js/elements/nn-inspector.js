/**
 * `<nn-inspector>`: the bias and the incoming weights of one neuron as numbers to read and to change. They follow the
 * training, but for the one that is being typed. Says `inspect` when it opens and when it closes.
 *
 * @import { LabState } from "../core/types.js"
 * @import { Unit } from "./network-layout.js"
 */
import { floatsOf } from "../core/decode.js";
import { rest } from "../core/rest.js";
import { session } from "../core/session.js";
import { toast } from "./toasts.js";

const GAP = 12;

/**
 * @typedef {object} Inspected
 * @property {number} layer counts from 0, the output layer last
 * @property {number} index of the unit in its layer
 * @property {Unit} unit
 * @property {Unit[]} sources of its weights
 * @property {number | null} input which weight is wanted; null for the bias
 */

export class NnInspector extends HTMLElement {
  /** The latest; a touch closes this before the field that it leaves tells of its change. @type {Inspected | null} */
  #inspected = null;
  /** The bias, then the weights. @type {HTMLInputElement[]} */
  #fields = [];
  #values = new Float32Array();
  #unsubscribe = () => {};

  connectedCallback() {
    this.addEventListener("toggle", this.#toggled);
    this.addEventListener("change", this.#changed);
    this.addEventListener("click", this.#clicked);
    this.addEventListener("keydown", this.#pressed);
  }

  disconnectedCallback() {
    this.#unsubscribe();
    this.removeEventListener("toggle", this.#toggled);
    this.removeEventListener("change", this.#changed);
    this.removeEventListener("click", this.#clicked);
    this.removeEventListener("keydown", this.#pressed);
  }

  /** The neuron that is inspected. */
  get unit() {
    return this.matches(":popover-open") ? (this.#inspected?.unit ?? null) : null;
  }

  /** @param {Inspected} inspected */
  open(inspected) {
    if (this.matches(":popover-open")) this.hidePopover();
    this.#inspected = inspected;
    const { unit, sources } = inspected;
    const column = unit.element.closest(".column");
    const activation = column?.querySelector("select")?.selectedOptions[0]?.text;
    this.#write("#inspector-title", unit.name);
    this.#write("[data-activation]", activation ?? column?.querySelector(".column-note")?.textContent ?? "");
    this.#fill(["bias", ...sources.map((source) => source.name)]);
    this.#unsubscribe();
    this.#unsubscribe = session.subscribe({ parts: ["weights"], draw: (state) => this.#follow(state) });
    this.#follow(session.state);
    this.showPopover();
    this.#stand(unit.element);
    const field = this.#fields[inspected.input === null ? 0 : inspected.input + 1];
    field?.focus();
    field?.select();
  }

  /** @param {string[]} names */
  #fill(names) {
    const template = this.querySelector("template");
    const rows = this.querySelector("[data-rows]");
    if (!template || !rows) return;
    const made = names.map((name, index) => {
      const row = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
      const label = row.querySelector("label");
      const field = row.querySelector("input");
      if (label && field) {
        field.id = `inspector-${index}`;
        label.htmlFor = field.id;
        label.textContent = index ? name.replace(/^Layer (\d+), neuron (\d+)$/, "neuron $2") : "Bias";
      }
      for (const button of row.querySelectorAll("button")) {
        button.setAttribute("aria-label", `${button.title}: ${index ? `weight of ${name}` : "bias"}`);
      }
      return row;
    });
    rows.replaceChildren(...made);
    this.#fields = [...rows.querySelectorAll("input")];
  }

  /** @param {Readonly<LabState>} state */
  #follow(state) {
    if (!this.#inspected) return;
    const { layer, index, sources, unit } = this.#inspected;
    const packed = state.weights?.layers[layer];
    if (!packed || packed.weight.shape[0] !== sources.length || !unit.element.isConnected) {
      if (packed) this.hidePopover();
      return;
    }
    const units = packed.bias.shape[0] ?? 0;
    const weights = floatsOf(packed.weight);
    const bias = floatsOf(packed.bias)[index] ?? 0;
    this.#values = Float32Array.from([bias, ...sources.map((_, input) => weights[input * units + index] ?? 0)]);
    for (const [row, field] of this.#fields.entries()) {
      if (field === document.activeElement && field.matches(":popover-open *")) continue;
      this.#show(field, this.#values[row] ?? 0);
    }
  }

  /**
   * @param {HTMLInputElement} field
   * @param {number} value
   */
  #show(field, value) {
    const text = written(value);
    if (field.value !== text) field.value = text;
  }

  #toggled = (/** @type {Event} */ event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "closed") {
      this.#unsubscribe();
      this.#unsubscribe = () => {};
    }
    this.dispatchEvent(new Event("inspect", { bubbles: true }));
  };

  #changed = (/** @type {Event} */ event) => {
    const row = this.#fields.findIndex((field) => field === event.target);
    const field = this.#fields[row];
    if (!field) return;
    if (Number.isFinite(field.valueAsNumber)) void this.#set(row, field.valueAsNumber);
    else this.#show(field, this.#values[row] ?? 0);
  };

  #clicked = (/** @type {Event} */ event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-act]") : null;
    const row = [...this.querySelectorAll(".inspector-row")].findIndex((element) => element.contains(button));
    const field = this.#fields[row];
    if (!(button instanceof HTMLButtonElement) || !field) return;
    const value = button.dataset.act === "zero" ? 0 : -(this.#values[row] ?? 0);
    this.#show(field, value);
    void this.#set(row, value);
  };

  #pressed = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.target.select();
  };

  /**
   * Has the server set a value; what it refuses is taken back.
   *
   * @param {number} row
   * @param {number} value
   */
  async #set(row, value) {
    if (!this.#inspected) return;
    const { layer, index } = this.#inspected;
    const at = row === 0 ? { parameter: "bias", index: [index] } : { parameter: "weight", index: [row - 1, index] };
    const edit = { type: "edit", layer, ...at, value };
    const { ok, words } = await rest("POST", `/runs/${session.state.run}/commands`, edit);
    if (ok) return;
    const field = this.#fields[row];
    if (field) this.#show(field, this.#values[row] ?? 0);
    toast(words, "problem");
  }

  /**
   * Stands beside the neuron, within the window.
   *
   * @param {Element} neuron
   */
  #stand(neuron) {
    const { left, right, top } = neuron.getBoundingClientRect();
    const { width, height } = this.getBoundingClientRect();
    const beside = right + GAP + width < innerWidth ? right + GAP : left - GAP - width;
    this.style.setProperty("--left", `${Math.max(GAP, beside)}px`);
    this.style.setProperty("--top", `${Math.max(GAP, Math.min(top - GAP, innerHeight - GAP - height))}px`);
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #write(selector, text) {
    const element = this.querySelector(selector);
    if (element) element.textContent = text;
  }
}

/**
 * A value as it stands in a field: four significant digits.
 *
 * @param {number} value
 */
function written(value) {
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(3) : value.toPrecision(4);
}

customElements.define("nn-inspector", NnInspector);
