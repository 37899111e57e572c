/**
 * Remembers in this browser what was trained, and lists it. Where storage is switched off or full, nothing is
 * remembered, and nothing else is different.
 *
 * @import { Recent } from "../core/recents.js"
 */
import { drawThumbnail } from "../charts/thumbnail.js";
import { count, metric } from "../core/format.js";
import { ago, forgotten, readRecents, remembered, smaller } from "../core/recents.js";
import { session } from "../core/session.js";
import { DEFAULT, withView } from "../core/view.js";

const KEY = "recents";
/** An experiment that is changed again within this many milliseconds was a step on the way. */
const SETTLED = 3000;
/** Pixels of a side. */
const PICTURE = 25;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let settling;

/** Starts remembering; called once. */
export function startRecents() {
  session.subscribe({ parts: ["boundary", "metrics"], draw: settle });
  addEventListener("pagehide", save);
}

function settle() {
  if (settling) return;
  const address = present();
  settling = setTimeout(() => {
    settling = undefined;
    if (address === present()) save();
  }, SETTLED);
}

/** The Experiment in the address, without how it is looked at. */
function present() {
  return withView(location.search, DEFAULT);
}

function save() {
  const { epoch, metrics, boundary } = session.state;
  if (!epoch) return;
  const recent = {
    address: present(),
    title: document.getElementById("file-menu")?.dataset.title ?? "",
    at: Date.now(),
    epoch,
    loss: metrics?.test?.loss ?? metrics?.train?.loss ?? null,
    boundary: boundary && smaller(boundary, PICTURE),
  };
  write(remembered(read(), recent));
}

function read() {
  try {
    return readRecents(localStorage.getItem(KEY));
  } catch {
    return [];
  }
}

/** @param {Recent[]} list */
function write(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list));
  } catch {
    // Storage is switched off or full: the list stays as it was.
  }
}

/** @param {string | null} address of what is no longer to be remembered; null for all */
export function forget(address) {
  write(address === null ? [] : forgotten(read(), address));
}

/** Lists what is remembered, in the gallery. */
export function showRecents() {
  const list = read();
  const template = document.getElementById("recent-card");
  if (!(template instanceof HTMLTemplateElement)) return;
  const cards = list.map((recent) => card(template, recent));
  document.getElementById("recents")?.replaceChildren(...cards);
  document.getElementById("recents-none")?.toggleAttribute("hidden", list.length > 0);
  document.getElementById("forget-all")?.toggleAttribute("hidden", list.length === 0);
}

/**
 * @param {HTMLTemplateElement} template
 * @param {Recent} recent
 */
function card(template, { address, title, at, epoch, loss, boundary }) {
  const item = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const [link, note, forget] = [".gallery-open", "[data-note]", ".recent-forget"].map((part) =>
    item.querySelector(part),
  );
  if (link instanceof HTMLAnchorElement) {
    link.href = `/${address}`;
    link.textContent = title;
  }
  if (note) note.textContent = `Epoch ${count(epoch)}, loss ${metric("loss", loss)}, ${ago(Date.now() - at)}`;
  if (forget instanceof HTMLButtonElement) {
    forget.value = address;
    forget.title = "Forget this";
    forget.setAttribute("aria-label", `Forget ${title}`);
  }
  drawThumbnail(item.querySelector(".gallery-picture") ?? item.children[0] ?? document.body, { boundary });
  return item;
}
