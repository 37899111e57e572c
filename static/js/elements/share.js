/** The popover that shares the address, also one that leaves out controls for pupils. */
import { view, withView } from "../core/view.js";

const SHOWN_FOR = 2500;

/** Starts listening; called once. */
export function startShare() {
  const popover = document.getElementById("share");
  if (!popover) return;
  popover.addEventListener("beforetoggle", () => {
    for (const box of boxes(popover)) box.checked = view().hide.includes(box.value);
    writeAddress(popover);
  });
  popover.addEventListener("change", () => writeAddress(popover));
  popover.querySelector("#copy-link")?.addEventListener("click", () => void copy(popover));
}

/** @param {HTMLElement} popover */
function boxes(popover) {
  return /** @type {NodeListOf<HTMLInputElement>} */ (popover.querySelectorAll("[data-hides]"));
}

/** @param {HTMLElement} popover */
function field(popover) {
  return /** @type {HTMLInputElement} */ (popover.querySelector("#share-address"));
}

/**
 * The address with what is ticked; what it hides besides stays hidden.
 *
 * @param {HTMLElement} popover
 */
function writeAddress(popover) {
  const offered = [...boxes(popover)];
  const others = view().hide.filter((key) => offered.every((box) => box.value !== key));
  const hide = [...others, ...offered.filter((box) => box.checked).map((box) => box.value)];
  const query = withView(location.search, { ...view(), hide });
  field(popover).value = `${location.origin}${location.pathname}${query}`;
}

/** @param {HTMLElement} popover */
async function copy(popover) {
  const address = field(popover);
  address.select();
  try {
    await navigator.clipboard.writeText(address.value);
  } catch {
    // Pages that do not come over HTTPS, or were refused, have only the old way.
    if (!document.execCommand("copy")) {
      say(popover, "Press Ctrl+C to copy");
      return;
    }
  }
  const button = /** @type {HTMLElement} */ (popover.querySelector("#copy-link"));
  button.dataset.done = "";
  setTimeout(() => delete button.dataset.done, SHOWN_FOR);
  say(popover, "Copied");
}

/**
 * @param {HTMLElement} popover
 * @param {string} text
 */
function say(popover, text) {
  const status = popover.querySelector("[data-share-status]");
  if (status) status.textContent = text;
}
