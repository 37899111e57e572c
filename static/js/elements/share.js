/** The popover that shares the address, also one that leaves out controls for pupils. */
import { view, withView } from "../core/view.js";
import { copyField } from "./copy.js";

/** Starts listening; called once. */
export function startShare() {
  const popover = document.getElementById("share");
  if (!popover) return;
  popover.addEventListener("beforetoggle", () => {
    for (const box of boxes(popover)) box.checked = view().hide.includes(box.value);
    writeAddress(popover);
  });
  popover.addEventListener("change", () => writeAddress(popover));
  const button = popover.querySelector("#copy-link");
  button?.addEventListener("click", () => {
    void copyField(field(popover), /** @type {HTMLElement} */ (button), popover.querySelector("[data-share-status]"));
  });
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
