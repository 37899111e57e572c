/** Messages that speak of no single control: at the foot of the page, or at its top where the visitor is busy below. */

const SHOWN_FOR = 9000;

/** Has the close button of every message, the server's among them, close it. */
export function startToasts() {
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element) event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
  });
}

/**
 * Shows a message; the same message is shown once.
 *
 * @param {string} text
 * @param {"note" | "problem"} kind
 * @param {boolean} [stays] until it is closed, or until what this returns is called
 * @param {{label: string, act: () => void}} [offer] a button
 * @returns {() => void} takes it away
 */
export function toast(text, kind, stays = false, offer) {
  const stack = document.getElementById("toasts");
  if (!stack) return () => {};
  for (const shown of stack.querySelectorAll("[data-text]")) {
    if (shown instanceof HTMLElement && shown.dataset.text === text) shown.remove();
  }
  const element = document.createElement("div");
  element.className = `toast toast-${kind}`;
  element.dataset.text = text;
  if (kind === "problem") element.setAttribute("role", "alert");
  element.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#icon-alert"></use></svg><div></div>
    <button class="icon-button" type="button" data-dismiss aria-label="Dismiss"><svg class="icon" aria-hidden="true"><use href="#icon-close"></use></svg></button>`;
  const body = element.querySelector("div");
  if (body) body.textContent = text;
  if (offer) body?.after(offerButton(element, offer));
  const busy = document.activeElement?.getBoundingClientRect();
  const below = busy && document.activeElement !== document.body && (busy.top + busy.bottom) / 2 > innerHeight / 2;
  stack.dataset.place = below ? "top" : "bottom";
  stack.append(element);
  if (!stays) setTimeout(() => element.remove(), SHOWN_FOR);
  return () => element.remove();
}

/**
 * @param {HTMLElement} element
 * @param {{label: string, act: () => void}} offer
 */
function offerButton(element, { label, act }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-quiet";
  button.textContent = label;
  button.addEventListener("click", () => {
    element.remove();
    act();
  });
  return button;
}
