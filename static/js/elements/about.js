/** The "?" beside a control: one popover for all of them, with the text that the server has put into the page. */

/** Starts listening; called once. */
export function startAbout() {
  // Before the button toggles the popover.
  document.addEventListener("click", prepare, true);
}

/** @param {MouseEvent} event */
function prepare(event) {
  const button = event.target instanceof Element ? event.target.closest("[data-about]") : null;
  const popover = document.getElementById("about");
  if (!(button instanceof HTMLElement) || !popover) return;
  const key = button.dataset.about ?? "";
  // Where it shows another control, it is closed, so that the button opens it anew at its own place.
  if (popover.matches(":popover-open") && popover.dataset.shows !== key) popover.hidePopover();
  popover.dataset.shows = key;
  const sees = document.querySelector("main[data-sees]")?.getAttribute("data-sees") ?? "";
  const own = `[data-about-text="${CSS.escape(key)}"]`;
  const template = document.querySelector(`template${own}[data-sees="${sees}"], template${own}:not([data-sees])`);
  if (!(template instanceof HTMLTemplateElement)) return;
  const [name, what, toTry] = template.content.children;
  write("#about-title", name);
  write("[data-about-what]", what);
  write("[data-about-try]", toTry);
}

/**
 * @param {string} selector
 * @param {Element | undefined} source
 */
function write(selector, source) {
  const element = document.querySelector(selector);
  if (element) element.textContent = source?.textContent ?? "";
}
