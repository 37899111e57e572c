/** The list of runs: pictures and times of its cards, what answers say, the bin, and where the focus goes. */
import { onThemeChange } from "../charts/theme.js";
import { drawInSight } from "../charts/thumbnail.js";
import { ago } from "../core/recents.js";
import { AWAY } from "../core/rest.js";
import { startLinkBack } from "./link-back.js";
import { refusal } from "./outage.js";
import { toast } from "./toasts.js";

/** Where in the list somebody pressed something last. */
let place = 0;

/** Starts listening; called once. */
export function startRunsList() {
  document.addEventListener("htmx:before:swap", checkAnswer);
  document.addEventListener("htmx:after:swap", afterSwap);
  document.addEventListener("htmx:error", () => toast(AWAY, "problem"));
  document.addEventListener("click", clicked);
  document.getElementById("run-purge")?.addEventListener("close", purge);
  onThemeChange(dress);
  setInterval(tellTimes, 30_000);
  startLinkBack();
  dress();
}

/** The list as the server now has it. */
export function refreshList() {
  return htmx.ajax("GET", `/runs${location.search}`, {
    source: "#toasts",
    target: "#runs",
    swap: "outerMorph",
    values: undefined,
  });
}

/**
 * Has the server do something to runs.
 *
 * @param {string} action
 * @param {string[]} runs
 */
async function act(action, runs) {
  const body = new URLSearchParams([["action", action], ...runs.map((run) => ["run", run])]);
  const answer = await fetch("/runs/act", { method: "POST", body, headers: { "HX-Request": "true" } }).catch(
    () => null,
  );
  const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
  const told = page.getElementById("runs")?.dataset;
  await refreshList();
  if (!answer?.ok) toast(answer ? refusal(page.documentElement.outerHTML) : AWAY, "problem");
  else if (told?.message) toast(told.message, "refused" in told ? "problem" : "note");
}

function list() {
  return /** @type {HTMLElement} */ (document.getElementById("runs"));
}

/** What the server leaves to the page: pictures, and times as they are told here. */
function dress() {
  drawInSight(list());
  tellTimes();
}

function tellTimes() {
  for (const time of list().querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    time.title = at.toLocaleString();
    time.textContent = ago(Date.now() - at.getTime());
  }
}

/** @param {Event} event @returns {{ctx?: HtmxContext}} */
function detailOf(event) {
  return /** @type {CustomEvent<{ctx?: HtmxContext}>} */ (event).detail;
}

/** A page that tells of an error must not take the place of the list. @param {Event} event */
function checkAnswer(event) {
  const { ctx } = detailOf(event);
  if (!ctx || (ctx.response?.status ?? 200) < 400) return;
  event.preventDefault();
  toast(refusal(ctx.text ?? ""), "problem");
}

function afterSwap() {
  const { message, undo } = list().dataset;
  dress();
  if (message) {
    const kind = "refused" in list().dataset ? "problem" : "note";
    const runs = (undo ?? "").split(" ").filter(Boolean);
    toast(message, kind, false, runs.length ? { label: "Undo", act: () => void act("restore", runs) } : undefined);
    list().dataset.message = "";
  }
  if (document.activeElement === document.body) {
    const cards = list().querySelectorAll(".run");
    const next = cards[Math.min(place, cards.length - 1)]?.querySelector("input");
    (next ?? document.getElementById("runs-count"))?.focus();
  }
}

/** @param {MouseEvent} event */
function clicked(event) {
  const target = event.target instanceof Element ? event.target : null;
  const card = target?.closest(".run");
  if (card) place = [...list().querySelectorAll(".run")].indexOf(card);
  const button = target?.closest("[data-purge]");
  if (button instanceof HTMLElement) askPurge(button.dataset.purge ? [button.dataset.purge] : chosenRuns());
}

/** The runs that are selected. */
export function chosenRuns() {
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (list().querySelectorAll("[name=run]:checked"));
  return [...boxes].map(({ value }) => value);
}

/** @param {string[]} runs */
function askPurge(runs) {
  const dialog = document.getElementById("run-purge");
  const words = document.getElementById("run-purge-words");
  if (!(dialog instanceof HTMLDialogElement) || !words) return;
  const name = document.getElementById(`run-${runs[0]}`)?.dataset.title ?? "";
  words.textContent = `${runs.length === 1 ? `“${name}”` : `${runs.length} runs`} cannot be brought back then.`;
  dialog.dataset.runs = runs.join(" ");
  dialog.returnValue = "";
  dialog.showModal();
}

function purge() {
  const dialog = document.getElementById("run-purge");
  if (!(dialog instanceof HTMLDialogElement) || dialog.returnValue !== "purge") return;
  void act("purge", (dialog.dataset.runs ?? "").split(" "));
}
