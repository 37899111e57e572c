/** Theme and colours of the page: chosen in a popover, remembered, and drawn at once. theme.js applies them at first. */
import { onThemeChange } from "../charts/theme.js";
import { session } from "../core/session.js";

/** What each choice is when nothing has been chosen. */
const USUAL = { theme: "system", palette: "blue-orange" };

/** Starts listening; called once. */
export function startAppearance() {
  onThemeChange(() => session.redraw());
  for (const input of inputs())
    input.checked = (document.documentElement.dataset[input.name] ?? usual(input)) === input.value;
  document.getElementById("appearance")?.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement) choose(event.target);
  });
}

function inputs() {
  return /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("#appearance input"));
}

/** @param {HTMLInputElement} input */
function usual({ name }) {
  return name === "theme" ? USUAL.theme : USUAL.palette;
}

/** @param {HTMLInputElement} input */
function choose(input) {
  const { name, value } = input;
  const { dataset } = document.documentElement;
  if (value === usual(input)) delete dataset[name];
  else dataset[name] = value;
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage is switched off: the choice holds for this page.
  }
  document.dispatchEvent(new Event("themechange"));
}
