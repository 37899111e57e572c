/** Selecting runs, by pointer and keyboard, and the bar of what can be done to all that are selected. */

const TYPED_IN = "textarea, select, input:not([type=checkbox])";

/** Where a range begins. @type {HTMLInputElement | null} */
let anchor = null;

/** Starts listening; called once. */
export function startRunsSelection() {
  document.addEventListener("change", (event) => {
    if (!(event.target instanceof HTMLInputElement)) return;
    if (event.target.id === "select-all") selectAll(event.target.checked);
    if (event.target.name === "run") count();
  });
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", pressed);
  document.addEventListener("htmx:after:swap", count);
  addEventListener("pageshow", count);
}

function boxes() {
  return /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("#runs [name=run]")]);
}

/** @param {boolean} checked */
function selectAll(checked) {
  for (const box of boxes()) box.checked = checked;
  count();
}

/** Brings the bar up to date. */
function count() {
  const all = boxes();
  const chosen = all.filter((box) => box.checked).length;
  const [bar, words, every] = ["bulk", "bulk-count", "select-all"].map((id) => document.getElementById(id));
  if (!bar || !words || !(every instanceof HTMLInputElement)) return;
  bar.hidden = chosen === 0;
  words.textContent = `${chosen} selected`;
  every.checked = chosen === all.length;
  every.indeterminate = chosen > 0 && chosen < all.length;
  every.setAttribute("aria-label", `Select all ${all.length} shown`);
}

/** @param {MouseEvent} event */
function clicked(event) {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("#bulk-clear")) selectAll(false);
  if (!(target instanceof HTMLInputElement) || target.name !== "run") return;
  if (event.shiftKey && anchor) selectRange(anchor, target);
  anchor = target;
}

/**
 * @param {HTMLInputElement} from
 * @param {HTMLInputElement} to
 */
function selectRange(from, to) {
  const all = boxes();
  const [first = 0, last = 0] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
  for (const box of all.slice(Math.max(0, first), last + 1)) box.checked = to.checked;
  count();
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  const { key, target } = event;
  if (!(target instanceof Element) || target.closest(TYPED_IN) || document.querySelector("dialog:modal")) return;
  if (key === "Delete") press("#bulk:not([hidden]) :is(#bulk-bin, [data-purge])");
  else if (key === "Escape") selectAll(false);
  else if (key === "/") document.getElementById("search")?.focus();
  else if (key === "a" && (event.ctrlKey || event.metaKey)) selectAll(true);
  else if (!moved(event)) return;
  event.preventDefault();
}

/** @param {string} selector */
function press(selector) {
  const button = document.querySelector(selector);
  if (button instanceof HTMLElement) button.click();
}

/**
 * Arrows go from one checkbox to the next; with Shift they select what they pass.
 *
 * @param {KeyboardEvent} event
 */
function moved({ key, shiftKey, target }) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[key];
  if (!step || !(target instanceof HTMLInputElement) || target.name !== "run") return false;
  const all = boxes();
  const next = all[all.indexOf(target) + step];
  if (next && shiftKey) {
    target.checked = next.checked = true;
    count();
  }
  next?.focus();
  return true;
}
