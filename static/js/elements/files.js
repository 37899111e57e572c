/** Opening an experiment's file, from the File menu or dropped anywhere on the page. */
import { session } from "../core/session.js";
import { toast } from "./toasts.js";
import { closeDialogs } from "./dialogs.js";

/** No experiment has so many bytes, and no tab should have to hold more. */
const LARGEST = 10_000_000;

/** Starts listening; called once. */
export function startFiles() {
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.id !== "open-file") return;
    const [file] = input.files ?? [];
    if (file) void openFile(file);
    input.value = "";
  });
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer?.files ?? [];
    if (!file || !isExperiment(file)) return;
    event.preventDefault();
    void openFile(file);
  });
  document.addEventListener("click", (event) => {
    const menu = event.target instanceof Element ? event.target.closest("#file-actions") : null;
    if (menu instanceof HTMLElement && event.target !== menu) menu.hidePopover();
  });
  const problem = problemDialog();
  problem.addEventListener("close", () => problem.replaceChildren());
  // A request may have waited for others: only its answer tells.
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = /** @type {CustomEvent<{ctx?: HtmxContext}>} */ (event).detail;
    const told = ctx?.target instanceof Element ? ctx.target === problem : String(ctx?.target) === `#${problem.id}`;
    if (told && !problem.open) problem.showModal();
  });
}

/** What the server says of a file that it cannot open is put here. */
function problemDialog() {
  const dialog = document.getElementById("file-problem");
  if (!(dialog instanceof HTMLDialogElement)) throw new Error("the page lacks dialog#file-problem");
  return dialog;
}

/**
 * Whether a file that was dropped is meant as an experiment; tables of points are somebody else's affair.
 *
 * @param {File} file
 */
function isExperiment(file) {
  return file.type === "application/json" || file.name.toLowerCase().endsWith(".json");
}

/** @param {File} file */
async function openFile(file) {
  closeDialogs();
  if (file.size > LARGEST) {
    toast(`${file.name} is too large to be an experiment.`, "problem");
    return;
  }
  void htmx.ajax("POST", `/runs/${session.state.run}/file`, {
    source: "#file-menu",
    target: "#lab",
    swap: "outerMorph",
    values: { name: file.name, text: await file.text() },
  });
}
