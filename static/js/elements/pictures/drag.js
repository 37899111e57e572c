/**
 * Dragging one of several things that stand in a row, with a mouse or a finger. A finger drags by the grip, so that it
 * can still scroll. The others make way at once; where it is dropped stays until the server has rendered the new order.
 */
import { dropPlace, shifts } from "../../core/stack.js";

/** Pixels until a press becomes a drag. */
const SLACK = 6;
/** Within so many pixels of its edge the row scrolls, by so many at a time. */
const EDGE = 36;
const SCROLL = 10;
/** Milliseconds after which a refused drop is taken back. */
const PATIENCE = 4000;

/**
 * @param {HTMLElement} root
 * @param {string} selector of what can be dragged
 * @param {(from: number, to: number) => void} drop
 * @returns {() => void} ends it
 */
export function draggable(root, selector, drop) {
  const ending = new AbortController();
  const { signal } = ending;
  /** @type {Drag | null} */
  let drag = null;
  const end = (/** @type {boolean} */ dropped) => {
    const ended = drag;
    drag = null;
    if (!ended?.moving) return;
    suppressClick(root);
    if (dropped && ended.to !== ended.from) {
      drop(ended.from, ended.to);
      setTimeout(() => ended.release(), PATIENCE);
      document.addEventListener("htmx:after:swap", () => ended.release(), { once: true });
    } else ended.release();
  };
  root.addEventListener(
    "pointerdown",
    (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const item = /** @type {HTMLElement | null} */ (target?.closest(selector) ?? null);
      if (!item || event.button || !target?.closest(".stack-card")) return;
      if (event.pointerType === "touch" && !target.closest(".stack-grip")) return;
      drag = new Drag([...root.querySelectorAll(selector)], item, event);
    },
    { signal },
  );
  root.addEventListener("pointermove", (event) => drag?.follow(event), { signal });
  root.addEventListener("pointerup", () => end(true), { signal });
  root.addEventListener("pointercancel", () => end(false), { signal });
  document.addEventListener("keydown", (event) => event.key === "Escape" && end(false), { signal });
  return () => {
    end(false);
    ending.abort();
  };
}

/** One drag, from press to drop. */
class Drag {
  moving = false;
  from;
  to;
  /** @type {HTMLElement[]} */
  #items;
  #item;
  #start;
  /** The box that scrolls. */
  #row;
  #scrolled;
  /** @type {number[]} */
  #middles;

  /**
   * @param {Element[]} items
   * @param {HTMLElement} item
   * @param {PointerEvent} event
   */
  constructor(items, item, event) {
    this.#items = /** @type {HTMLElement[]} */ (items);
    this.#item = item;
    this.#start = event.clientX;
    this.#row = /** @type {HTMLElement} */ (item.parentElement);
    this.#scrolled = this.#row.scrollLeft;
    this.#middles = items.map((one) => middleOf(one.getBoundingClientRect()));
    this.from = this.to = this.#items.indexOf(item);
  }

  /** @param {PointerEvent} event */
  follow(event) {
    if (!this.moving && Math.abs(event.clientX - this.#start) < SLACK) return;
    if (!this.moving) {
      this.moving = true;
      this.#item.setPointerCapture(event.pointerId);
      this.#item.classList.add("dragged");
      this.#row.classList.add("dragging");
    }
    this.#scroll(event.clientX);
    const moved = event.clientX - this.#start + this.#row.scrollLeft - this.#scrolled;
    this.to = dropPlace(this.#middles, this.from, (this.#middles[this.from] ?? 0) + moved);
    const { width } = this.#item.getBoundingClientRect();
    for (const [index, shift] of shifts(this.#items.length, this.from, this.to).entries()) {
      const item = this.#items[index];
      if (item && item !== this.#item) item.style.translate = shift ? `${shift * width}px` : "";
    }
    this.#item.style.translate = `${moved}px`;
  }

  /** @param {number} x */
  #scroll(x) {
    const { left, right } = this.#row.getBoundingClientRect();
    if (x < left + EDGE) this.#row.scrollLeft -= SCROLL;
    if (x > right - EDGE) this.#row.scrollLeft += SCROLL;
  }

  /** Everything stands where the page says again. */
  release() {
    this.#row.classList.remove("dragging");
    this.#item.classList.remove("dragged");
    for (const item of this.#items) item.style.translate = "";
  }
}

/** @param {DOMRect} box */
function middleOf({ left, width }) {
  return left + width / 2;
}

/**
 * What was dragged was not pressed.
 *
 * @param {HTMLElement} root
 */
function suppressClick(root) {
  const stop = (/** @type {Event} */ event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  root.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => root.removeEventListener("click", stop, { capture: true }));
}
