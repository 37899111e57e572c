/**
 * The gallery: presets, fetched when it is first opened, and recent experiments; search and topics; opening one in the
 * page's run; and the note beside the charts that tells what a preset shows.
 */
import { onThemeChange } from "../charts/theme.js";
import { drawInSight } from "../charts/thumbnail.js";
import { matches } from "../core/search.js";
import { session } from "../core/session.js";
import { forget, showRecents } from "./recents.js";

/** Starts listening; called once. */
export function startGallery() {
  const dialog = find("dialog", "gallery");
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest("#open-gallery, #open-networks");
    if (opener instanceof HTMLElement) void open(dialog, opener.dataset.tag);
    if (event.target.closest("#lesson-close")) closeLesson();
  });
  dialog.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("#forget-all, .recent-forget") : null;
    if (!(button instanceof HTMLButtonElement)) return;
    forget(button.id === "forget-all" ? null : button.value);
    listRecents(dialog);
    find("input", "gallery-search").focus();
  });
  dialog.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || elsewhere) return; // another tab opens the same by its address
    event.preventDefault();
    choose(dialog, link);
  });
  dialog.addEventListener("input", () => sift(dialog));
  onThemeChange(() => {
    listRecents(dialog);
    drawInSight(dialog);
  });
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} id
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function find(tag, id) {
  const element = document.querySelector(`${tag}#${id}`);
  if (!element) throw new Error(`the page lacks ${tag}#${id}`);
  return /** @type {HTMLElementTagNameMap[Tag]} */ (element);
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} [tag] the topic to begin with
 */
async function open(dialog, tag = "") {
  if (!dialog.open) dialog.showModal();
  listRecents(dialog);
  await fetchPresets(dialog);
  const topic = dialog.querySelector(`[name=gallery-tag][value="${tag}"]`);
  if (!(topic instanceof HTMLInputElement) || !tag) return;
  topic.checked = true;
  sift(dialog);
}

/** @param {HTMLDialogElement} dialog */
function listRecents(dialog) {
  showRecents();
  sift(dialog);
}

/** @param {HTMLDialogElement} dialog */
async function fetchPresets(dialog) {
  const body = find("div", "gallery-presets");
  const wait = body.querySelector("#gallery-wait");
  if (!wait) return;
  wait.textContent = "Fetching the presets…";
  const answer = await fetch("/gallery").catch(() => null);
  if (!answer?.ok) {
    wait.textContent = "The server cannot be reached. Open this again when it is back.";
    return;
  }
  body.innerHTML = await answer.text();
  sift(dialog);
  drawInSight(dialog);
}

/**
 * Shows the chosen list, and of it what fits search and topic.
 *
 * @param {HTMLDialogElement} dialog
 */
function sift(dialog) {
  const chosen = (/** @type {string} */ name) => {
    const input = dialog.querySelector(`[name=${name}]:checked`);
    return input instanceof HTMLInputElement ? input.value : "";
  };
  const tab = chosen("gallery-tab");
  for (const name of ["presets", "recents"]) find("div", `gallery-${name}`).hidden = name !== tab;
  const query = find("input", "gallery-search").value;
  const tag = tab === "presets" ? chosen("gallery-tag") : "";
  const cards = dialog.querySelectorAll(`#gallery-${tab} li`);
  let shown = 0;
  for (const card of cards) {
    if (!(card instanceof HTMLElement)) continue;
    const fits = !tag || (card.dataset.tags ?? "").split(",").includes(tag);
    card.hidden = !fits || !matches(card.textContent, query);
    shown += Number(!card.hidden);
  }
  find("p", "gallery-none").hidden = shown > 0 || cards.length === 0; // an empty list speaks for itself
  find("p", "gallery-count").textContent = `${shown} experiment${shown === 1 ? "" : "s"}`;
}

/**
 * Opens what a card stands for in the page's run. The page answers at once, the lab follows.
 *
 * @param {HTMLDialogElement} dialog
 * @param {HTMLAnchorElement} link
 */
function choose(dialog, link) {
  dialog.close();
  showLesson(link);
  void htmx.ajax("POST", `/runs/${session.state.run}/open`, {
    source: "#file-menu",
    target: "#lab",
    swap: "outerMorph",
    values: { address: link.getAttribute("href") ?? "/" },
  });
}

/** @param {HTMLAnchorElement} link */
function showLesson(link) {
  const text = (/** @type {string} */ name) => link.closest("li")?.querySelector(`[data-${name}]`)?.textContent ?? "";
  find("h2", "lesson-title").textContent = link.textContent;
  find("p", "lesson-shows").textContent = text("shows");
  find("p", "lesson-suggestion").textContent = text("suggestion");
  find("aside", "lesson").hidden = !text("shows");
}

function closeLesson() {
  find("aside", "lesson").hidden = true;
  document.getElementById("open-gallery")?.focus();
}
