/**
 * Points of one's own as text: pasted, opened or dropped anywhere on the page, they are shown in the popover together
 * with what the server understood of them, before they are used. Nothing is taken from what stands there already unless
 * the new text could be read.
 */
import { session } from "../core/session.js";
import { closeDialogs } from "./dialogs.js";

/** Milliseconds of rest before a text that is being typed is looked at. */
const REST = 300;
/** Milliseconds after the last sign of a file in the air. */
const GONE = 200;
const TYPED_IN = "input, textarea, select, [contenteditable]";
/** What files of other kinds are called; whoever opens them listens for itself. */
const OTHER_FILES = /\.(json|safetensors|npz)$/i;

let asking = new AbortController();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let resting;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let landing;

/** Starts listening; called once. */
export function startOwnPoints() {
  document.addEventListener("input", (event) => {
    if (!isOffered() || event.target !== area()) return;
    clearTimeout(resting);
    resting = setTimeout(() => void preview(area().value), REST);
  });
  document.addEventListener("submit", (event) => {
    // What is wrong then is told by the form itself.
    if (event.target instanceof Element && event.target.contains(area())) show("");
  });
  document.addEventListener("change", (event) => {
    if (!(event.target instanceof HTMLInputElement) || event.target.id !== "own-file") return;
    const [file] = event.target.files ?? [];
    if (file) void openFile(file);
    event.target.value = "";
  });
  document.addEventListener("paste", paste);
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.documentElement.toggleAttribute("data-dropping", true);
    clearTimeout(landing);
    landing = setTimeout(land, GONE);
  });
  document.addEventListener("drop", (event) => {
    land();
    const [file] = event.dataTransfer?.files ?? [];
    if (!file || !isOffered() || OTHER_FILES.test(file.name)) return;
    event.preventDefault();
    void openFile(file);
  });
}

function land() {
  document.documentElement.toggleAttribute("data-dropping", false);
}

/** Whether points can be learnt from on this page: a lab of pictures has no place for them. */
function isOffered() {
  return document.getElementById("own-text") !== null;
}

/** @returns {HTMLTextAreaElement} */
function area() {
  return /** @type {HTMLTextAreaElement} */ (document.getElementById("own-text"));
}

/**
 * Rows that are pasted where nothing can be typed are points.
 *
 * @param {ClipboardEvent} event
 */
function paste(event) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const elsewhere = event.target instanceof Element && event.target.closest(TYPED_IN);
  if (elsewhere || !isOffered() || !/\d.*\n.*\d/.test(text)) return;
  event.preventDefault();
  open();
  area().value = text;
  void preview(text);
}

/** @param {File} file */
async function openFile(file) {
  open();
  // A file that is no text, or too large for the server, must not get into the field either.
  if (await preview(file)) area().value = await file.text();
}

function open() {
  closeDialogs();
  const popover = area().closest("[popover]");
  if (popover instanceof HTMLElement && !popover.matches(":popover-open")) popover.showPopover();
}

/**
 * Shows what the server understands.
 *
 * @param {string | File} content
 * @returns {Promise<boolean>} whether it could be read at all
 */
async function preview(content) {
  clearTimeout(resting);
  asking.abort();
  if (typeof content === "string" && !content.trim()) {
    show("");
    return true;
  }
  const mine = (asking = new AbortController());
  const answer = await fetch(`/runs/${session.state.run}/own-points/preview`, {
    method: "POST",
    headers: { "Content-Type": "text/plain" },
    body: content,
    signal: mine.signal,
  }).catch(() => null);
  const html = answer?.ok ? await answer.text().catch(() => "") : "";
  if (mine.signal.aborted) return false;
  show(html || `<p class="note">The server cannot be reached to look at this.</p>`);
  return html !== "" && !html.includes("data-unreadable");
}

/** @param {string} html as the server has rendered it */
function show(html) {
  const place = document.getElementById("own-preview");
  if (place) place.innerHTML = html;
}
