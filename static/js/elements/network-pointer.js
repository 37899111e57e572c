/**
 * What a visitor does with the network: looks at a neuron, a link or a bias by pointer or by keyboard, and opens the
 * inspector of it. `<nn-network>` draws and knows where everything stands.
 *
 * @import { Link } from "../core/links.js"
 * @import { Unit } from "./network-layout.js"
 * @import { NnNetwork } from "./nn-network.js"
 */
import { markOf, shape } from "../charts/links.js";
import { exact } from "../core/format.js";
import { curve, nearestLink } from "../core/links.js";
import { shine } from "../core/spotlight.js";
import { nameOf } from "./network-layout.js";
import { NnInspector } from "./nn-inspector.js";
import { hideTip, showTip } from "./tip.js";

/** How near to a link a pointer must come, in pixels; a finger is broader. */
const REACH = { mouse: 6, touch: 16 };
/** What has a use of its own for the pointer, over whatever links run behind it. */
const CONTROLS = "button, select, input, label, [popover]";
const LOOKED_AT = ".layer canvas, .feature";

/** @typedef {Omit<Link, "input"> & {input: number | null}} Parameter a weight, or (of no input) the bias of a unit */

export class NetworkPointer {
  #net;
  /** Where the pointer is in the window; null while it is elsewhere. @type {{x: number, y: number, on: Element} | null} */
  #place = null;
  /** @type {Parameter | null} */
  #parameter = null;
  /** @type {Element | null} */
  #hovered = null;
  /** @type {Element | null} */
  #focused = null;
  #waiting = 0;
  #highlight = shape("path", { class: "highlight" });

  /** @param {NnNetwork} net */
  constructor(net) {
    this.#net = net;
  }

  /** Starts listening. @returns {() => void} ends it */
  connect() {
    const net = this.#net;
    net.querySelector("#biases")?.append(this.#highlight);
    const ending = new AbortController();
    const { signal } = ending;
    net.addEventListener("pointermove", (event) => this.#move(event), { signal });
    net.addEventListener("pointerleave", () => this.#leave(), { signal });
    net.addEventListener("scroll", () => this.#leave(), { signal });
    net.addEventListener("click", (event) => this.#click(event), { signal });
    net.addEventListener("focusin", (event) => this.#focus(event.target), { signal });
    net.addEventListener("focusout", () => this.#focus(null), { signal });
    net.addEventListener("keydown", (event) => this.#press(event), { signal });
    document.addEventListener("inspect", () => this.follow(), { signal });
    return () => {
      ending.abort();
      this.#leave();
    };
  }

  /** Brings what is shown up to date with the network. */
  follow() {
    this.#tell();
    const element = this.#hovered ?? this.#focused ?? inspector()?.unit?.element ?? null;
    const canvas = element?.closest(".feature")?.querySelector("canvas") ?? element;
    const map = canvas && this.#net.mapOf(canvas);
    shine(map ? { caption: nameOf(canvas), map } : null);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerType === "touch" || !(event.target instanceof Element)) return;
    this.#place = { x: event.clientX, y: event.clientY, on: event.target };
    this.#waiting ||= requestAnimationFrame(() => {
      this.#waiting = 0;
      if (!this.#place) return;
      const { on } = this.#place;
      this.#hovered = on.closest(LOOKED_AT);
      this.#parameter = this.#parameterAt(this.#place, REACH.mouse);
      this.#net.classList.toggle("pointing", this.#parameter !== null);
      this.follow();
    });
  }

  #leave() {
    cancelAnimationFrame(this.#waiting);
    this.#waiting = 0;
    this.#place = this.#parameter = this.#hovered = null;
    this.#net.classList.remove("pointing");
    this.follow();
  }

  /**
   * The bias or the weight at a place of the window.
   *
   * @param {{x: number, y: number, on: Element}} place
   * @param {number} reach
   * @returns {Parameter | null}
   */
  #parameterAt({ x, y, on }, reach) {
    const { layout, weights, least } = this.#net;
    if (on.closest(CONTROLS) || weights.length === 0) return null;
    const box = this.#net.getBoundingClientRect();
    const at = { x: x - box.left + this.#net.scrollLeft, y: y - box.top };
    for (const [layer, units] of layout.columns.slice(1).entries()) {
      const unit = units.findIndex((candidate) => isAtMark(at, candidate));
      if (unit >= 0) return { layer, unit, input: null };
    }
    return on.closest(".neuron, .terminal") ? null : nearestLink(at, layout.ends, weights, least, reach);
  }

  /** Says what the pointer is at, with its present value. */
  #tell() {
    const parameter = this.#parameter;
    const { columns, ends } = this.#net.layout;
    const unit = parameter && columns[parameter.layer + 1]?.[parameter.unit];
    if (!parameter || !unit || !this.#place) {
      this.#outline("");
      hideTip(this);
      return;
    }
    const { layer, input } = parameter;
    const source = input === null ? null : columns[layer]?.[input];
    const from = input === null ? null : ends[layer]?.from[input];
    const to = ends[layer]?.to[parameter.unit];
    this.#outline(from && to ? curve(from, to) : "");
    const value = this.#valueOf(parameter);
    const words = source ? `${lower(source.name)} → ${lower(unit.name)}: weight` : `${unit.name}: bias`;
    showTip(this, `${words} ${exact(value)}`, this.#place.x, this.#place.y);
  }

  /** @param {string} path that stands out; a frame must not touch it needlessly */
  #outline(path) {
    if (this.#highlight.getAttribute("d") !== path) this.#highlight.setAttribute("d", path);
  }

  /** @param {Parameter} parameter */
  #valueOf({ layer, unit, input }) {
    const units = this.#net.layout.columns[layer + 1]?.length ?? 0;
    const values = input === null ? this.#net.biases[layer] : this.#net.weights[layer];
    return values?.[(input ?? 0) * (input === null ? 0 : units) + unit] ?? 0;
  }

  /** @param {EventTarget | null} target */
  #focus(target) {
    const neuron = target instanceof HTMLElement && target.closest(LOOKED_AT);
    // A click gives focus, too, but then the pointer tells what is looked at.
    this.#focused = neuron && target.matches(":focus-visible") ? neuron : null;
    this.follow();
  }

  /** @param {MouseEvent} event */
  #click(event) {
    if (!(event.target instanceof Element)) return;
    const touched = event instanceof PointerEvent && event.pointerType === "touch";
    const place = { x: event.clientX, y: event.clientY, on: event.target };
    const parameter = this.#parameterAt(place, touched ? REACH.touch : REACH.mouse) ?? this.#unitOf(event.target);
    if (!parameter) return;
    this.#leave();
    this.#inspect(parameter);
  }

  /**
   * The bias of the neuron or output that an element is.
   *
   * @param {Element} element
   * @returns {Parameter | null}
   */
  #unitOf(element) {
    for (const [layer, units] of this.#net.layout.columns.slice(1).entries()) {
      const unit = units.findIndex((candidate) => candidate.element === element);
      if (unit >= 0) return { layer, unit, input: null };
    }
    return null;
  }

  /** @param {Parameter} parameter */
  #inspect({ layer, unit, input }) {
    const { columns } = this.#net.layout;
    const target = columns[layer + 1]?.[unit];
    const sources = columns[layer];
    if (target && sources) inspector()?.open({ layer, index: unit, unit: target, sources, input });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const at = event.target instanceof Element ? this.#unitOf(event.target) : null;
    if (!at) return;
    if (event.key === "Enter" || event.key === " ") this.#inspect(at);
    else if (!this.#step(at, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * Moves the focus to a neighbour; the network is one stop of the Tab key.
   *
   * @param {Parameter} at
   * @param {string} key
   */
  #step({ layer, unit }, key) {
    const columns = this.#net.layout.columns.slice(1);
    const here = columns[layer]?.[unit];
    /** @type {Unit | undefined} */
    let next;
    if (key === "ArrowUp") next = columns[layer]?.[unit - 1];
    else if (key === "ArrowDown") next = columns[layer]?.[unit + 1];
    else if (key === "ArrowLeft" || key === "ArrowRight") {
      const column = columns[layer + (key === "ArrowLeft" ? -1 : 1)] ?? [];
      const away = (/** @type {Unit} */ one) => Math.abs(one.middle - (here?.middle ?? 0));
      next = column.toSorted((a, b) => away(a) - away(b))[0];
    } else return false;
    if (next) {
      for (const one of columns.flat()) one.element.tabIndex = one === next ? 0 : -1;
      next.element.focus();
    }
    return true;
  }
}

/** @returns {NnInspector | null} */
function inspector() {
  const element = document.getElementById("inspector");
  return element instanceof NnInspector ? element : null;
}

/**
 * @param {{x: number, y: number}} at
 * @param {Unit} unit
 */
function isAtMark(at, unit) {
  const { x, y, side } = markOf(unit);
  return at.x >= x - 1 && at.x <= x + side + 1 && at.y >= y - 1 && at.y <= y + side + 1;
}

/**
 * A name within a sentence: `Layer 1, neuron 2` begins with a small letter there.
 *
 * @param {string} name
 */
function lower(name) {
  return name.replace(/^(Layer|Output)/, (word) => word.toLowerCase());
}
