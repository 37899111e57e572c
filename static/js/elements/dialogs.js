/** The page's dialogs: buttons open them by `data-dialog`, and what needs the page itself closes them. */

/** Starts listening; called once. */
export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target instanceof Element ? event.target.closest("[data-dialog]") : null;
    const dialog = document.getElementById(opener?.getAttribute("data-dialog") ?? "");
    if (dialog instanceof HTMLDialogElement) dialog.showModal();
  });
}

/** Closes what would cover the page, and what appears on it. */
export function closeDialogs() {
  for (const dialog of document.querySelectorAll("dialog[open]")) /** @type {HTMLDialogElement} */ (dialog).close();
}
