/**
 * The palette under the plot: which tool paints, and which class or value. It shows what it is told and tells what was
 * chosen; what is painted is Painting's affair.
 *
 * @import { PointSet } from "../core/types.js"
 */
import { css, drawMark, labelColour } from "../charts/scatter.js";
import { exact } from "../core/format.js";
import { MOST_CLASSES, valueScale } from "../core/paint.js";

/**
 * @typedef {"dot" | "spray" | "erase"} Tool
 *
 * @typedef {object} Choices what the palette cannot do itself
 * @property {() => void} toggle begins or ends painting
 * @property {() => void} chosen another tool, class or value is used from now on
 * @property {() => void} addClass
 * @property {() => void} clear
 */

export class Palette {
  /** @type {Tool} */
  tool = "dot";
  /** The class that is painted. */
  label = 0;
  /** The value that is painted, of a regression. */
  value = 1;

  #root;
  #choices;

  /**
   * @param {HTMLElement} root
   * @param {Choices} choices
   */
  constructor(root, choices) {
    this.#root = root;
    this.#choices = choices;
  }

  /** @param {AbortSignal} signal ends it */
  connect(signal) {
    this.#root.addEventListener("click", (event) => this.#click(event), { signal });
    this.#root.addEventListener("input", (event) => this.#input(event), { signal });
  }

  /** @param {PointSet | null} set what is painted; null while nothing is */
  show(set) {
    this.#find("#paint")?.setAttribute("aria-pressed", String(set !== null));
    for (const part of this.#root.querySelectorAll("[data-painting]")) {
      part.toggleAttribute("hidden", (part.getAttribute("data-painting") === "on") !== (set !== null));
    }
    for (const tool of this.#root.querySelectorAll("[data-tool]")) {
      tool.setAttribute("aria-pressed", String(tool.getAttribute("data-tool") === this.tool));
    }
    const values = set?.task === "regression";
    this.#find("[data-chips]")?.toggleAttribute("hidden", values);
    this.#find(".paint-value")?.toggleAttribute("hidden", !values);
    if (values) this.#showValue(set);
    else if (set) this.#showChips(set);
  }

  /** @param {string} text what the visitor should do; nothing where all is well */
  advise(text) {
    const note = this.#find("[data-advice]");
    if (!note) return;
    note.hidden = !text;
    if (note.textContent !== text) note.textContent = text;
  }

  /** @param {PointSet} set */
  #showValue(set) {
    const slider = this.#find("#paint-value");
    const holder = this.#find(".paint-value");
    if (!(slider instanceof HTMLInputElement) || !holder) return;
    const { limit, step } = valueScale(set);
    Object.assign(slider, { min: String(-limit), max: String(limit), step: String(step) });
    this.value = Math.max(-limit, Math.min(limit, this.value));
    slider.value = String(this.value);
    holder.style.setProperty("--swatch", css(labelColour(set, this.value, limit)));
    this.#writeValue();
  }

  #writeValue() {
    const output = this.#find(".paint-value output");
    if (output) output.textContent = exact(this.value);
  }

  /** @param {PointSet} set */
  #showChips(set) {
    const chips = this.#find("[data-chips]");
    const focused = document.activeElement;
    const again = chips?.contains(focused) && focused instanceof HTMLElement;
    const made = set.class_names.map((_, label) => chip(set, label, label === this.label && this.tool !== "erase"));
    if (set.class_names.length < MOST_CLASSES) made.push(moreChip());
    chips?.replaceChildren(...made);
    if (again) made[this.label]?.focus();
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const { tool, label, act } = button?.dataset ?? {};
    if (tool) this.tool = /** @type {Tool} */ (tool);
    else if (label) this.choose(Number(label));
    if (button?.id === "paint") this.#choices.toggle();
    else if (act === "add-class") this.#choices.addClass();
    else if (tool || label) this.#choices.chosen();
    else if (act === "clear") this.#choices.clear();
  }

  /** @param {number} label of the class that is to be painted */
  choose(label) {
    this.label = label;
    if (this.tool === "erase") this.tool = "dot";
  }

  /** @param {Event} event */
  #input(event) {
    if (!(event.target instanceof HTMLInputElement) || event.target.id !== "paint-value") return;
    this.value = event.target.valueAsNumber;
    this.#choices.chosen();
  }

  /** @param {string} selector @returns {HTMLElement | null} */
  #find(selector) {
    return this.#root.querySelector(selector);
  }
}

/**
 * @param {PointSet} set
 * @param {number} label
 * @param {boolean} chosen
 */
function chip(set, label, chosen) {
  const button = document.createElement("button");
  const mark = document.createElement("canvas");
  const name = document.createElement("span");
  button.type = "button";
  button.className = "class-chip";
  button.dataset.label = String(label);
  button.setAttribute("aria-pressed", String(chosen));
  mark.className = "legend-mark";
  drawMark(mark, set, label);
  name.textContent = (set.class_names[label] ?? "").replace("-", "−");
  button.title = `Paint class ${name.textContent}`;
  button.append(mark, name);
  return button;
}

function moreChip() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "class-chip class-more";
  button.dataset.act = "add-class";
  button.textContent = "+";
  button.title = "Add a class";
  button.setAttribute("aria-label", button.title);
  return button;
}
