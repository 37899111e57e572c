/** The dialog that shares a run by a link, and takes the link back. */
import { rest } from "../core/rest.js";
import { copyField } from "./copy.js";
import { refreshList } from "./runs-list.js";
import { toast } from "./toasts.js";

/** Starts listening; called once. */
export function startRunsShare() {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("run-share"));
  const field = /** @type {HTMLInputElement} */ (document.getElementById("run-share-address"));
  const button = /** @type {HTMLElement} */ (document.getElementById("run-share-copy"));
  document.addEventListener("click", (event) => {
    const card = event.target instanceof Element ? event.target.closest("[data-share]")?.closest(".run") : null;
    if (card instanceof HTMLElement) void share(dialog, field, card.dataset.run ?? "");
  });
  button.addEventListener("click", () => void copyField(field, button, dialog.querySelector("[data-share-status]")));
  document.getElementById("run-unshare")?.addEventListener("click", () => void unshare(dialog));
  dialog.addEventListener("close", () => void refreshList());
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLInputElement} field
 * @param {string} run
 */
async function share(dialog, field, run) {
  const { ok, value, words } = await rest("POST", `/runs/${run}/share`);
  if (!ok) {
    toast(words, "problem");
    return;
  }
  dialog.dataset.run = run;
  field.value = new URL(value.url, location.href).href;
  dialog.showModal();
  field.select();
}

/** @param {HTMLDialogElement} dialog */
async function unshare(dialog) {
  const { ok, words } = await rest("DELETE", `/runs/${dialog.dataset.run}/share`);
  dialog.close();
  toast(ok ? "The link leads nowhere any more." : words, ok ? "note" : "problem");
}
