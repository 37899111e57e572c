/**
 * What htmx leaves open: answers that are late, fields that a visitor has touched, values beside sliders, and a page
 * that was overtaken by a change from elsewhere.
 */
import { session } from "../core/session.js";
import { keepView } from "../core/view.js";
import { keep, refresh, refusal, replace, startOutage } from "./outage.js";
import { toast } from "./toasts.js";

/** The server is about to end: its next answer comes after a restart. */
const UNAVAILABLE = 503;
/** The server has the run no more. */
const GONE = 404;

/** A slider that was moved less than so many milliseconds ago has not sent its last value yet. */
const STILL_MOVING = 500;

/** @type {WeakMap<HTMLInputElement, number>} */
const movedAt = new WeakMap();
/** Requests on their way, also those that wait for others. */
let pending = 0;
/** Whether an answer was dropped because others were to follow, which may not bring the whole lab. */
let overtaken = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let refreshing;

/** Starts listening; called once. */
export function startControls() {
  startOutage();
  document.addEventListener("htmx:config:request", (event) => {
    if (event.defaultPrevented) return;
    pending += 1;
    session.awaitChange();
  });
  document.addEventListener("htmx:finally:request", () => {
    pending = Math.max(0, pending - 1);
    if (pending === 0 && overtaken) void refresh();
  });
  document.addEventListener("htmx:before:swap", checkAnswer);
  document.addEventListener("htmx:after:swap", afterSwap);
  document.addEventListener("input", (event) => {
    if (!(event.target instanceof HTMLInputElement) || event.target.type !== "range") return;
    movedAt.set(event.target, performance.now());
    writeValue(event.target);
  });
  document.addEventListener("click", answerAtOnce);
  session.subscribe({ parts: [], draw: (state) => followRevision(state.revision) });
  watchRun();
}

function labElement() {
  const lab = document.getElementById("lab");
  if (!lab) throw new Error("the page has no lab");
  return lab;
}

function watchRun() {
  const { run } = labElement().dataset;
  if (run) session.watch(run);
}

/** @param {Event} event @returns {{ctx?: HtmxContext}} */
function detailOf(event) {
  return /** @type {CustomEvent<{ctx?: HtmxContext}>} */ (event).detail;
}

/**
 * An answer that other requests follow would show an older state of what the visitor has changed since. And a page that
 * tells of an error must not take the place of what was built.
 *
 * @param {Event} event
 */
function checkAnswer(event) {
  const { ctx } = detailOf(event);
  const id = ctx?.target?.id ?? "";
  if (!ctx || (id !== "lab" && id !== "transport")) return;
  const status = ctx.response?.status ?? 200;
  if (status < 400) {
    if (pending > 1 && id === "lab") {
      event.preventDefault();
      overtaken = true;
    }
  } else if (!ctx.text?.includes(`id="${id}"`)) {
    event.preventDefault();
    if (status === UNAVAILABLE) keep(ctx);
    else if (status === GONE) replace(ctx);
    else toast(refusal(ctx.text ?? ""), "problem");
  }
}

/** @param {Event} event */
function afterSwap(event) {
  const { ctx } = detailOf(event);
  const lab = labElement();
  // Other parts of the page have answers, too; of a target that the answer has named itself htmx tells the selector.
  const target = ctx?.target instanceof Element ? ctx.target.id : String(ctx?.target ?? "#lab").slice(1);
  if (target !== "lab" && target !== "transport") return;
  // What was changed since the answer came is still on its way, and must not be set back before it is sent.
  const late = target === "lab" && pending > 1;
  if (target === "lab") overtaken = late;
  if (!late) followFields(lab);
  keepView();
  session.touch();
  watchRun();
  const refused = (ctx?.response?.status ?? 200) >= 400;
  const transport = lab.querySelector("#transport");
  // A refused command leaves the run as it was, whatever the button has promised.
  if (refused) session.dispatch({ type: "intent", playing: transport?.getAttribute("data-status") === "running" });
  const message = target === "transport" ? transport?.getAttribute("data-error") : lab.dataset.message;
  if (ctx && !refused) closePopover(ctx.sourceElement);
  if (message) toast(message, refused ? "problem" : "note");
}

/**
 * A popover whose form was taken has done its work.
 *
 * @param {Element} source
 */
function closePopover(source) {
  const popover = source instanceof HTMLFormElement ? source.closest("[popover]") : null;
  if (popover instanceof HTMLElement && popover.matches(":popover-open")) popover.hidePopover();
}

/**
 * Fields that a visitor has touched no longer follow their attributes; have them do so, but for the one being edited.
 *
 * @param {Element} root
 */
function followFields(root) {
  for (const field of root.querySelectorAll("input:not([data-local]), select:not([data-local])")) {
    if (field instanceof HTMLSelectElement) {
      for (const option of field.options)
        if (option.selected !== option.defaultSelected) option.selected = option.defaultSelected;
    } else if (field instanceof HTMLInputElement) {
      if (field.type === "checkbox" || field.type === "radio") field.checked = field.defaultChecked;
      else if (field.type !== "file" && !isHeld(field)) field.value = field.defaultValue;
      if (field.type === "range") writeValue(field);
    }
  }
}

/**
 * Whether a visitor is about to change a field: a slider while it is dragged or has just been moved, any other while it
 * is typed into.
 *
 * @param {HTMLInputElement} field
 */
function isHeld(field) {
  if (field.type !== "range") return field === document.activeElement;
  return field.matches(":active") || performance.now() - (movedAt.get(field) ?? -Infinity) < STILL_MOVING;
}

/**
 * The value beside a slider.
 *
 * @param {HTMLInputElement} slider
 */
function writeValue(slider) {
  const output = slider.parentElement?.querySelector("output");
  const text = "percent" in slider.dataset ? `${Math.round(slider.valueAsNumber * 100)} %` : slider.value;
  if (output && output.textContent !== text) output.textContent = text;
}

/**
 * Buttons show what they will do before the server has done it.
 *
 * @param {MouseEvent} event
 */
function answerAtOnce(event) {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  if (button.getAttribute("role") === "switch") {
    button.setAttribute("aria-checked", String(button.getAttribute("aria-checked") !== "true"));
  }
  const stepper = button.closest(".stepper");
  const step = /^(more|layer-add)/.test(button.id) ? 1 : /^(fewer|layer-remove)/.test(button.id) ? -1 : 0;
  const value = stepper?.querySelector(".stepper-value");
  if (step && value instanceof HTMLInputElement) value.value = String(Number(value.value) + step);
  else if (step && value) value.textContent = String(Number(value.textContent) + step);
}

/**
 * Somebody else may change the run, by REST or on another page: then the controls are fetched anew.
 *
 * @param {number} revision
 */
function followRevision(revision) {
  const known = ["lab", "transport"].map((id) => Number(document.getElementById(id)?.dataset.revision ?? 0));
  if (revision <= Math.max(...known) || refreshing) return;
  refreshing = setTimeout(() => {
    refreshing = undefined;
    if (pending === 0 && session.state.revision > Number(labElement().dataset.revision)) void refresh();
  }, 400);
}
