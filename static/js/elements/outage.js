/**
 * What the page does while the server is away: it keeps the changes that the visitor makes, has a run that is gone made
 * anew and brought to where it was, and then sends what was kept, in order.
 */
import { AWAY } from "../core/rest.js";
import { session } from "../core/session.js";
import { toast } from "./toasts.js";

/** Milliseconds until something that failed is tried again. */
const PAUSE = 1500;

/** What will be answered otherwise later: the run is made anew, the request was slow, a limit was reached. */
const NOT_NOW = [404, 408, 429];

/** Where requests of the page's own come from: not from a control, and not from a form whose fields would go along. */
const OWN_SOURCE = "status";

/**
 * @typedef {object} Change a request that waits
 * @property {string} method
 * @property {string} path
 * @property {URLSearchParams} body
 * @property {Record<string, string>} headers that say more about it
 */

/** @type {Change[]} */
const kept = [];
let sending = false;

/** Starts listening; called once, before anybody else listens to htmx. */
export function startOutage() {
  document.addEventListener("htmx:config:request", keepInstead);
  document.addEventListener("htmx:error", keepFailed);
  session.onGone = () => void resume();
  session.subscribe({ parts: [], draw: () => void send() });
}

/**
 * Keeps a change whose answer never came, so that it is sent again.
 *
 * @param {HtmxContext} ctx
 */
export function keep({ request: { method, action, body, headers } }) {
  const fields = [...body].map(([name, value]) => [name, String(value)]);
  const together = headers["Undo-Together"];
  /** @type {Record<string, string>} */
  const said = together ? { "Undo-Together": together } : {};
  kept.push({ method, path: action, body: new URLSearchParams(fields), headers: said });
  tellKept();
}

function tellKept() {
  session.dispatch({ type: "kept", count: kept.length });
}

/**
 * While the server is away, and for as long as older changes wait or the run is not yet where it was, changes wait.
 *
 * @param {Event} event
 */
function keepInstead(event) {
  const { ctx } = /** @type {CustomEvent<{ctx: HtmxContext}>} */ (event).detail;
  const { connected, catchingUp } = session.state;
  if (!isChange(ctx) || (connected && catchingUp === null && kept.length === 0)) return;
  event.preventDefault();
  keep(ctx);
}

/**
 * The server left before it answered.
 *
 * @param {Event} event
 */
function keepFailed(event) {
  const { ctx } = /** @type {CustomEvent<{ctx?: HtmxContext}>} */ (event).detail;
  if (!ctx || ctx.sourceElement.id === OWN_SOURCE) return;
  if (isChange(ctx)) keep(ctx);
  else toast(AWAY, "problem");
}

/**
 * Whether a control of the lab asks for it.
 *
 * @param {HtmxContext} ctx
 */
function isChange({ request, sourceElement }) {
  return request.method !== "GET" && request.action.startsWith("/runs/") && sourceElement.id !== OWN_SOURCE;
}

/**
 * A run that the server no longer has is made anew; what was asked of it is asked again then.
 *
 * @param {HtmxContext} ctx
 */
export function replace(ctx) {
  if (isChange(ctx)) keep(ctx);
  session.onGone();
}

/**
 * Gets the lab as the server now has it.
 *
 * @param {string} [run] another than the one that is shown
 */
export function refresh(run = session.state.run) {
  return askForLab("GET", `/runs/${run}`);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Record<string, string | number | boolean>} [values]
 */
function askForLab(method, path, values) {
  return htmx.ajax(method, path, { source: `#${OWN_SOURCE}`, target: "#lab", swap: "outerMorph", values });
}

/** Has the server make the run anew, until it does. */
async function resume() {
  const { run, left, epoch, playing } = session.state;
  const goal = left ?? { epoch, playing };
  const speed = document.getElementById("transport")?.dataset.speed ?? "";
  await askForLab("POST", "/resume", { ...goal, epochs_per_second: speed });
  if (session.state.run === run) setTimeout(resume, PAUSE);
  else session.dispatch({ type: "catch-up", epoch: goal.epoch });
}

/** Sends what was kept, once the run is where it was. What cannot be sent stays, and is tried again. */
async function send() {
  const { connected, catchingUp } = session.state;
  if (sending || !kept.length || !connected || catchingUp !== null) return;
  sending = true;
  try {
    for (let change = kept[0]; change; change = kept[0]) {
      await sendOne(change);
      kept.shift();
      tellKept();
    }
    await refresh();
  } catch {
    setTimeout(send, PAUSE);
  } finally {
    sending = false;
  }
}

/**
 * @param {Change} change
 * @throws where the server is away again
 */
async function sendOne({ method, path, body, headers: said }) {
  const headers = { "HX-Request": "true", "HX-Current-URL": location.href, ...said };
  const address = path.replace(/^\/runs\/[^/]+/, `/runs/${session.state.run}`);
  const answer = await fetch(address, { method, body, headers });
  if (answer.status >= 500 || NOT_NOW.includes(answer.status)) throw new Error(`the server answered ${answer.status}`);
  if (!answer.ok) toast(`A change that had waited was refused. ${refusal(await answer.text())}`, "problem");
}

/**
 * What an answer says was wrong.
 *
 * @param {string} html
 */
export function refusal(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const lab = page.getElementById("lab");
  const told = lab?.dataset.message || page.querySelector(".mistake, .problem h1 + p")?.textContent;
  return (told || page.getElementById("transport")?.dataset.error || "").trim();
}
