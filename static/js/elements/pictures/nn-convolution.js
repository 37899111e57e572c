/**
 * `<nn-convolution>`: how a kernel slides over a padded picture, place by place, and how the size of what it makes is
 * worked out. Opened from the settings of a convolution, with its numbers; it moves by itself where motion is wanted.
 *
 * @import { Convolution } from "../../core/stack.js"
 */
import { outputSize, reach } from "../../core/stack.js";

/** Milliseconds at each place. */
const PACE = 700;
/** Larger pictures are shown as one of this size, for their cells could not be seen. */
const LARGEST = 12;
const SVG = "http://www.w3.org/2000/svg";
const FIELDS = /** @type {const} */ (["size", "kernel", "stride", "padding", "dilation"]);

class NnConvolution extends HTMLElement {
  #place = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  connectedCallback() {
    this.addEventListener("input", () => this.#draw());
    this.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("click", (event) => {
      const opener = event.target instanceof Element ? event.target.closest("[data-slide]") : null;
      if (opener instanceof HTMLElement) this.#open(opener);
    });
    this.#dialog.addEventListener("close", () => this.#stop());
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.closest("dialog"));
  }

  /** @param {HTMLElement} opener in the settings of a convolution */
  #open(opener) {
    this.#field("size").value = String(Math.min(LARGEST, Number(opener.dataset.slide)));
    for (const name of ["kernel", "stride", "padding", "dilation"]) {
      const input = document.getElementById(`f-network-layers-${opener.dataset.layer}-${name}`);
      if (input instanceof HTMLInputElement) this.#field(name).value = input.value;
    }
    const popover = opener.closest("[popover]");
    if (popover instanceof HTMLElement) popover.hidePopover();
    this.#place = 0;
    this.#dialog.showModal();
    this.#draw();
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.#play();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const { step, play } = button?.dataset ?? {};
    if (step) {
      this.#stop();
      this.#turn(Number(step));
    }
    if (play === undefined) return;
    if (this.#timer) this.#stop();
    else this.#play();
  }

  #play() {
    this.#stop();
    this.#timer = setInterval(() => this.#turn(1), PACE);
    this.#tellPlaying();
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#tellPlaying();
  }

  #tellPlaying() {
    const button = this.querySelector("[data-play]");
    if (button) button.textContent = this.#timer ? "Pause" : "Play";
  }

  /** @param {number} step */
  #turn(step) {
    const places = Math.max(1, outputSize(this.#convolution) ** 2);
    this.#place = (this.#place + step + places) % places;
    this.#draw();
  }

  /** @returns {Convolution} */
  get #convolution() {
    const [size, kernel, stride, padding, dilation] = FIELDS.map((name) => this.#field(name).valueAsNumber);
    return /** @type {Convolution} */ ({ size, kernel, stride, padding, dilation });
  }

  /** @param {string} name */
  #field(name) {
    const input = this.querySelector(`#slide-${name}`);
    if (!(input instanceof HTMLInputElement)) throw new Error(`<nn-convolution> lacks ${name}`);
    return input;
  }

  #draw() {
    const convolution = this.#convolution;
    const { size, kernel, stride, padding, dilation } = convolution;
    for (const name of FIELDS) {
      const value = this.querySelector(`output[for=slide-${name}]`);
      if (value) value.textContent = this.#field(name).value;
    }
    const output = outputSize(convolution);
    if (this.#place >= output * output) this.#place = 0;
    const [row, column] = [Math.floor(this.#place / Math.max(1, output)), this.#place % Math.max(1, output)];
    const seen = new Set(
      Array.from({ length: kernel * kernel }, (_, index) => {
        const y = row * stride + Math.floor(index / kernel) * dilation;
        return `${y},${column * stride + (index % kernel) * dilation}`;
      }),
    );
    const padded = size + 2 * padding;
    drawGrid(this.querySelector("[data-input]"), padded, (y, x) => {
      const inside = Math.min(y, x) >= padding && Math.max(y, x) < size + padding;
      return `${inside ? "cell" : "cell cell-padding"}${output && seen.has(`${y},${x}`) ? " cell-seen" : ""}`;
    });
    drawGrid(this.querySelector("[data-output]"), output, (y, x) =>
      y === row && x === column ? "cell cell-made" : y * output + x < this.#place ? "cell cell-done" : "cell",
    );
    this.#write("[data-formula]", formula(convolution, output));
    this.#write("[data-words]", words(convolution, output));
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #write(selector, text) {
    const element = this.querySelector(selector);
    if (element && element.textContent !== text) element.textContent = text;
  }
}

/**
 * The size, worked out with these numbers.
 *
 * @param {Convolution} convolution
 * @param {number} output
 */
function formula({ size, kernel, stride, padding, dilation }, output) {
  return `⌊(${size} + 2·${padding} − ${dilation}·(${kernel} − 1) − 1) / ${stride}⌋ + 1 = ${output || "none"}`;
}

/**
 * @param {Convolution} convolution
 * @param {number} output
 */
function words(convolution, output) {
  const { size, padding } = convolution;
  const [wide, padded] = [reach(convolution), size + 2 * padding];
  if (output === 0) return `The kernel reaches over ${wide} pixels, but there are ${padded}: it does not fit.`;
  return `${size} pixels with their padding are ${padded}. The kernel reaches over ${wide}, and fits at ${output} places.`;
}

/**
 * @param {Element | null} svg
 * @param {number} side
 * @param {(y: number, x: number) => string} kind
 */
function drawGrid(svg, side, kind) {
  if (!svg) return;
  svg.setAttribute("viewBox", `0 0 ${Math.max(1, side)} ${Math.max(1, side)}`);
  const cells = side * side;
  while (svg.childElementCount > cells) svg.lastElementChild?.remove();
  while (svg.childElementCount < cells) svg.append(document.createElementNS(SVG, "rect"));
  for (const [index, cell] of [...svg.children].entries()) {
    const [y, x] = [Math.floor(index / side), index % side];
    const shape = { x: x + 0.04, y: y + 0.04, width: 0.92, height: 0.92, rx: 0.12, class: kind(y, x) };
    for (const [name, value] of Object.entries(shape)) cell.setAttribute(name, String(value));
  }
}

customElements.define("nn-convolution", NnConvolution);
