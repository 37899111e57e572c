/**
 * The form in which a sweep begins: it shows the fields that are chosen, and says how many trials there will be before
 * anything is sent. What the server refuses stands beside it.
 *
 * @import { RangeOf, Searched } from "../core/trials.js"
 */
import { tick } from "../core/format.js";
import { AWAY } from "../core/rest.js";
import { gridOf, planOf } from "../core/trials.js";
import { toast } from "./toasts.js";

/** So many values of a range are told. */
const TOLD = 12;

/** Starts listening; called once. */
export function startSweepForm() {
  const form = document.getElementById("sweep-form");
  if (!(form instanceof HTMLFormElement)) return;
  form.addEventListener("input", () => tell(form));
  document.addEventListener("htmx:error", () => toast(AWAY, "problem"));
  // Where somebody comes back to the page, the browser may have kept what was typed.
  tell(form);
}

/** @param {HTMLFormElement} form */
function tell(form) {
  const chosen = new FormData(form).getAll("field");
  const random = new FormData(form).get("search") === "random";
  for (const field of fieldsets(form)) show(field, chosen.includes(field.dataset.path ?? ""));
  for (const label of form.querySelectorAll("[data-random]")) show(label, random);
  for (const label of form.querySelectorAll("[data-grid]")) show(label, !random);
  const fields = fieldsets(form)
    .filter(({ hidden }) => !hidden)
    .map(searched);
  for (const field of fieldsets(form)) tellValues(field, random);
  const most = { fields: Number(form.dataset.mostFields), trials: Number(form.dataset.mostTrials) };
  const { words, ready } = planOf(fields, random ? numberOf(form, "[name=trials]") : null, most);
  const line = form.querySelector("#sweep-count");
  const button = form.querySelector("#sweep-begin");
  if (line && line.textContent !== words) line.textContent = words;
  line?.classList.toggle("mistake", !ready);
  button?.toggleAttribute("disabled", !ready);
}

/** @param {HTMLFormElement} form */
function fieldsets(form) {
  return /** @type {HTMLFieldSetElement[]} */ ([...form.querySelectorAll("[data-path]")]);
}

/**
 * What is not shown is not sent either.
 *
 * @param {Element} element
 * @param {boolean} shown
 */
function show(element, shown) {
  element.toggleAttribute("hidden", !shown);
  const control = element instanceof HTMLFieldSetElement ? element : element.querySelector("input");
  control?.toggleAttribute("disabled", !shown);
}

/**
 * @param {HTMLFieldSetElement} field
 * @returns {Searched}
 */
function searched(field) {
  const title = field.querySelector("legend")?.firstChild?.textContent?.trim() ?? "";
  const options = field.querySelectorAll("[data-value]:checked").length;
  return { title, range: rangeOf(field), options };
}

/**
 * @param {HTMLFieldSetElement} field
 * @returns {RangeOf | null}
 */
function rangeOf(field) {
  const scale = field.querySelector("[data-scale]");
  if (!(scale instanceof HTMLSelectElement)) return null;
  return {
    low: numberOf(field, "[data-low]"),
    high: numberOf(field, "[data-high]"),
    scale: scale.value === "log" ? "log" : "linear",
    whole: Boolean(field.querySelector("[data-whole]")),
    points: numberOf(field, "[data-points]"),
  };
}

/**
 * @param {Element} place
 * @param {string} selector
 */
function numberOf(place, selector) {
  const input = place.querySelector(selector);
  return input instanceof HTMLInputElement ? input.valueAsNumber : NaN;
}

/**
 * The numbers that a grid takes from a range.
 *
 * @param {HTMLFieldSetElement} field
 * @param {boolean} random
 */
function tellValues(field, random) {
  const place = field.querySelector("[data-values]");
  const range = rangeOf(field);
  if (!place || !range) return;
  const grid = range.low < range.high && range.points >= 2 && range.points <= 1000 ? gridOf(range) : [];
  const texts = grid.filter(Number.isFinite).slice(0, TOLD).map(tick);
  const more = grid.length > TOLD ? ", …" : "";
  place.textContent = random ? "Any number between them" : `${texts.join(", ")}${more}`;
}
