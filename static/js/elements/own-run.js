/**
 * Which run this tab shows. The address holds the Experiment alone, and opening it makes a new run; but a page that is
 * reloaded, or come back to, goes on with the run that it had. Also how many runs
 * train.
 *
 * @import { LabState } from "../core/types.js"
 */
import { rest } from "../core/rest.js";
import { session } from "../core/session.js";
import { refresh } from "./outage.js";
import { toast } from "./toasts.js";

const KEY = "shown";
/** So many addresses are remembered. */
const MOST = 30;
const ASK_EVERY = 20_000;

/** The visitor's runs that train, when the server was last asked. @type {string[]} */
let training = [];

/** Whether the tab shows the run that it is to show. */
let settled = false;

/** Starts listening; called once, after all others. */
export function startOwnRun() {
  const lab = document.getElementById("lab");
  if (!lab) return;
  if ("reader" in lab.dataset) {
    session.onGone = () => toast("This run is no longer shared with you, or it was deleted.", "problem", true);
  } else {
    settled = location.pathname !== "/";
    if (settled) history.replaceState(history.state, "", lab.dataset.address);
    else void comeBack(lab).then(() => (settled = true));
    addEventListener("pagehide", remember);
    document.addEventListener("visibilitychange", remember);
  }
  session.subscribe({ parts: [], draw: showTraining });
  document.addEventListener("visibilitychange", () => void askTraining());
  setInterval(() => void askTraining(), ASK_EVERY);
  void askTraining();
}

/** Goes on with the run that this tab showed at this address, where it was not opened anew. @param {HTMLElement} lab */
async function comeBack(lab) {
  const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  const run = remembered()[location.pathname + location.search];
  if (!run || run === lab.dataset.run || !["reload", "back_forward"].includes(navigation?.type ?? "")) return;
  const { ok } = await rest("GET", `/runs/${run}`);
  if (ok) await refresh(run);
}

/** @returns {Record<string, string>} runs by the addresses at which they were shown, the latest last */
function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  } catch {
    return {}; // storage is switched off
  }
}

function remember() {
  if (!settled) return; // the run that it goes on with is still on its way
  const address = location.pathname + location.search;
  const others = Object.entries(remembered()).filter(([other]) => other !== address);
  const all = [...others, [address, session.state.run]];
  try {
    sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(all.slice(-MOST))));
  } catch {
    // Storage is switched off or full: the next visit begins anew.
  }
}

async function askTraining() {
  if (document.hidden) return;
  const answer = await fetch("/runs/standing").catch(() => null);
  if (!answer?.ok) return;
  ({ training } = await answer.json());
  showTraining(session.state);
}

/** @param {Readonly<LabState>} state */
function showTraining({ run, playing }) {
  const others = training.filter((other) => other !== run).length;
  const reader = "reader" in (document.getElementById("lab")?.dataset ?? {});
  const number = others + Number(playing && !reader);
  const link = document.getElementById("my-runs");
  const mark = link?.querySelector("[data-training]");
  if (!link || !(mark instanceof HTMLElement) || mark.dataset.training === String(number)) return;
  mark.dataset.training = mark.textContent = String(number);
  mark.hidden = number === 0;
  link.title = number ? `${number} of your runs train now` : "All that you have trained";
}
