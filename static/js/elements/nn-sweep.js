/**
 * `<nn-sweep>`: a sweep as it goes on. While it runs, it is asked for twice a second; bar, plot and table show what has
 * changed, and its buttons lead to runs of its trials.
 *
 * @import { FieldAxis } from "../charts/parallel-axes.js"
 * @import { Objective } from "../charts/parallel.js"
 * @import { Sweep, Trial } from "../core/trials.js"
 */
import { ParallelChart } from "../charts/parallel.js";
import { onThemeChange } from "../charts/theme.js";
import { count, metric } from "../core/format.js";
import { rest } from "../core/rest.js";
import { throttled } from "../core/throttle.js";
import { hasEnded, ranked, standing } from "../core/trials.js";
import { refusal } from "./outage.js";
import { keepOrder, sortBy, write } from "./table.js";
import { toast } from "./toasts.js";

/** It is asked for again after so many milliseconds, or when the server is away, after so many. */
const AGAIN = 500;
const AWAY_AGAIN = 3000;
/** How it stands is told to screen readers no more often than this. */
const TOLD_EVERY = 10_000;

class NnSweep extends HTMLElement {
  /** @type {Sweep | null} */
  #sweep = null;
  /** @type {ParallelChart | null} */
  #chart = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Of each row what it shows. @type {Map<HTMLElement, string>} */
  #shown = new Map();
  /** @type {(() => void)[]} */
  #ends = [];
  #announce = throttled(TOLD_EVERY, (/** @type {string} */ words) => {
    const place = this.querySelector("[data-announcement]");
    if (place) place.textContent = words;
  });

  connectedCallback() {
    const card = this.querySelector("template")?.content.firstElementChild?.cloneNode(true);
    if (card instanceof HTMLElement) this.#openChart(card);
    const dialog = document.getElementById("sweep-delete");
    const ask = () => void this.#ask();
    this.addEventListener("click", this.#clicked);
    document.addEventListener("visibilitychange", ask);
    dialog?.addEventListener("close", this.#closed);
    this.#ends = [
      onThemeChange(() => this.#chart?.request()),
      () => document.removeEventListener("visibilitychange", ask),
      () => dialog?.removeEventListener("close", this.#closed),
      () => this.#chart?.close(),
    ];
    ask();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
    clearTimeout(this.#timer);
    this.#announce.cancel();
    for (const end of this.#ends) end();
  }

  get #address() {
    return `/sweeps/${this.dataset.sweep}`;
  }

  get #axes() {
    const axes = JSON.parse(this.dataset.axes ?? "[]");
    return {
      fields: /** @type {FieldAxis[]} */ (axes.slice(0, -1)),
      objective: /** @type {Objective} */ (axes.at(-1)),
    };
  }

  /** The trials that have finished, the best first. */
  get #ranked() {
    return ranked(this.#sweep?.trials ?? [], this.#axes.objective.path, "higher" in this.dataset);
  }

  /** @param {HTMLElement} card */
  #openChart(card) {
    // The page's one chart is always there.
    card.querySelector("[data-close]")?.setAttribute("hidden", "");
    this.querySelector("[data-chart-place]")?.append(card);
    const { fields, objective } = this.#axes;
    const brushed = () => this.#drawRows();
    this.#chart = new ParallelChart(card, fields, objective, "higher" in this.dataset, brushed);
    this.style.setProperty("--axes", String(fields.length + 1));
    this.#chart.open();
  }

  /** Looks how it stands, and again in a while if it goes on. */
  async #ask() {
    clearTimeout(this.#timer);
    if (document.hidden || (this.#sweep && this.#sweep.status !== "running")) return;
    const { ok, value, words } = await rest("GET", this.#address);
    if (!this.isConnected) return;
    if (value?.status === 404) location.reload(); // the server says in words that it is gone
    if (ok) this.#draw(value);
    else this.#tell(words);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), ok ? AGAIN : AWAY_AGAIN);
  }

  /** @param {Sweep} sweep */
  #draw(sweep) {
    const news = sweep.done !== this.#sweep?.done || sweep.status !== this.#sweep?.status;
    this.#sweep = sweep;
    this.#tell(standing(sweep));
    const bar = this.querySelector("progress");
    if (bar) bar.value = sweep.done;
    const runs = sweep.status === "running";
    const finished = this.#ranked.length;
    this.#button("stop")?.toggleAttribute("hidden", !runs);
    this.#button("best")?.toggleAttribute("disabled", finished < 1);
    this.#button("compare")?.toggleAttribute("disabled", finished < 2);
    this.#button("again")?.toggleAttribute("disabled", finished < 1 || runs);
    this.#drawRows();
    if (news) this.#chart?.show(sweep.trials, !runs);
  }

  /** @param {string} words */
  #tell(words) {
    const place = this.querySelector("[data-standing]");
    if (place && place.textContent !== words) place.textContent = words;
    if (this.#sweep && this.#sweep.status !== "running") this.#announce.cancel();
    this.#announce(words);
  }

  #drawRows() {
    const sweep = this.#sweep;
    const table = this.querySelector("table");
    if (!sweep || !table) return;
    let left = 0;
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll("tr[data-trial]"))) {
      const trial = sweep.trials[Number(row.dataset.trial)];
      if (!trial) continue;
      const there = trial.status !== "waiting";
      const kept = there && (this.#chart?.keeps(trial) ?? true);
      if (kept) left += 1;
      if (row.hidden === kept) row.hidden = !kept;
      const what = `${trial.status} ${hasEnded(trial) ? "" : trial.epoch} ${trial.index === sweep.best}`;
      if (this.#shown.get(row) === what) continue;
      this.#shown.set(row, what);
      writeTrial(row, trial, trial.index === sweep.best);
    }
    keepOrder(table);
    const begun = sweep.trials.filter(({ status }) => status !== "waiting").length;
    const none = this.querySelector("[data-none]");
    none?.toggleAttribute("hidden", begun > 0 || sweep.status !== "running");
    this.#button("all")?.toggleAttribute("hidden", !this.#chart?.isBrushed);
    const shown = this.querySelector("[data-shown]");
    const words = this.#chart?.isBrushed ? `${left} of ${begun} shown` : "";
    if (shown && shown.textContent !== words) shown.textContent = words;
  }

  /** @param {string} name */
  #button(name) {
    return this.querySelector(`[data-do=${name}]`);
  }

  /** @param {MouseEvent} event */
  #clicked = (event) => {
    if (!(event.target instanceof Element)) return;
    const sorter = event.target.closest("[data-sort]")?.closest("th");
    if (sorter) sortBy(sorter);
    const button = event.target.closest("[data-do], [data-open]");
    if (!(button instanceof HTMLButtonElement)) return;
    const ways = {
      best: () => this.#open({}),
      compare: () => this.#compare(),
      again: () => this.#again(),
      all: async () => this.#chart?.showAll() ?? false,
      stop: () => this.#stop(),
      open: () => this.#open({ trials: [Number(button.dataset.open)] }),
    };
    const way = ways[/** @type {keyof typeof ways} */ (button.dataset.do ?? "open")];
    void busy(button, way);
  };

  #closed = (/** @type {Event} */ event) => {
    const dialog = /** @type {HTMLDialogElement} */ (event.target);
    if (dialog.returnValue !== "delete") return;
    dialog.returnValue = "";
    void this.#delete();
  };

  async #delete() {
    const { ok, words } = await rest("DELETE", this.#address);
    if (ok) location.assign("/sweeps");
    else toast(words, "problem");
  }

  /**
   * Makes a run of a trial and opens it.
   *
   * @param {{trials?: number[]}} which the best where none is named
   */
  async #open(which) {
    const { ok, value, words } = await rest("POST", `${this.#address}/runs`, which);
    if (ok) location.assign(`/runs/${value.runs[0].id}`);
    else toast(words, "problem");
    return ok;
  }

  async #compare() {
    const trials = this.#ranked.slice(0, Number(this.dataset.most)).map(({ index }) => index);
    const { ok, value, words } = await rest("POST", `${this.#address}/runs`, { trials });
    if (ok) location.assign(value.links.page);
    else toast(words, "problem");
    return ok;
  }

  async #again() {
    const headers = { "HX-Request": "true" };
    const answer = await fetch(`${this.#address}/again`, { method: "POST", headers }).catch(() => null);
    const address = answer?.ok ? answer.headers.get("HX-Redirect") : null;
    if (address) location.assign(address);
    else toast(answer ? refusal(await answer.text()) : "The server cannot be reached.", "problem");
    return Boolean(address);
  }

  async #stop() {
    const { ok, words } = await rest("POST", `${this.#address}/commands`, { type: "stop" });
    if (!ok) toast(words, "problem");
    await this.#ask();
    return false;
  }
}

/**
 * Shows at once that a button was pressed, until what it does is done; where that leads away from the page, it stays so.
 *
 * @param {HTMLButtonElement} button
 * @param {() => Promise<boolean>} work whether it leads away
 */
async function busy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const done = () => button.removeAttribute("aria-busy");
  if (!(await work())) done();
  else addEventListener("pagehide", done, { once: true }); // whoever comes back finds it as it was
}

/**
 * @param {HTMLElement} row
 * @param {Trial} trial
 * @param {boolean} best
 */
function writeTrial(row, trial, best) {
  row.toggleAttribute("data-best", best);
  for (const cell of /** @type {NodeListOf<HTMLElement>} */ (row.querySelectorAll("[data-cell]"))) {
    const column = cell.dataset.cell ?? "";
    if (column === "status") write(cell, statusOf(trial));
    else {
      const [part = "", name = ""] = column.split(/_(.*)/);
      const value = trial.metrics?.[part]?.[name] ?? null;
      // What diverged comes last, whatever it had reached.
      write(cell, metric(name, value), trial.status === "finished" ? value : null);
    }
  }
  if (trial.message) row.title = trial.message;
}

/**
 * Its status, and where it stands if that is not where all trials end.
 *
 * @param {Trial} trial
 */
function statusOf({ status, epoch, message }) {
  const words = status.charAt(0).toUpperCase() + status.slice(1);
  return status === "training" || message ? `${words}, epoch ${count(epoch)}` : words;
}

customElements.define("nn-sweep", NnSweep);
