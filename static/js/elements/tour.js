/** The strip of a first visit, and the tour of bubbles that it offers; the help dialog offers the tour, too. */
import { closeDialogs } from "./dialogs.js";

/** @type {HTMLElement[]} */
let targets = [];
let step = 0;
/** @type {HTMLElement | null} */
let cameFrom = null;

/** Starts listening; called once. */
export function startTour() {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    const { dataset, id } = button;
    if ("tour" in dataset || id === "show-around") begin();
    if ("hintsOff" in dataset) hideHints();
    if ("tourBack" in dataset) show(step - 1);
    if ("tourNext" in dataset) show(step + 1);
    if ("tourEnd" in dataset) end();
  });
  bubble().addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
    if (event.key === "ArrowRight") show(step + 1);
    if (event.key === "ArrowLeft") show(step - 1);
  });
  document.addEventListener("htmx:after:swap", () => {
    // The server knows nothing of the mark.
    const target = steps()[step]?.target;
    if (target && bubble().matches(":popover-open")) mark([target]);
  });
}

function bubble() {
  return /** @type {HTMLElement} */ (document.getElementById("tour"));
}

function hideHints() {
  document.documentElement.dataset.hints = "off";
  try {
    localStorage.setItem("hints", "off");
  } catch {
    // Storage is switched off: the strip comes back at the next visit.
  }
}

function begin() {
  closeDialogs();
  cameFrom = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  show(0);
}

/** The steps whose place is on the page: a teacher may have left some out. */
function steps() {
  return [...document.querySelectorAll("template[data-tour-step]")].flatMap((template) => {
    const target = document.querySelector(template.getAttribute("data-tour-step") ?? "");
    return template instanceof HTMLTemplateElement && target instanceof HTMLElement ? [{ template, target }] : [];
  });
}

/** @param {number} wanted */
function show(wanted) {
  const all = steps();
  const current = all[wanted];
  if (wanted >= all.length) end();
  if (!current) return;
  step = wanted;
  mark([current.target]);
  const popover = bubble();
  const [title, text] = current.template.content.children;
  write("#tour-title", title?.textContent);
  write("[data-tour-text]", text?.textContent);
  write("[data-tour-place]", `${step + 1} of ${all.length}`);
  write("[data-tour-next]", step === all.length - 1 ? "Done" : "Next");
  popover.querySelector("[data-tour-back]")?.toggleAttribute("disabled", step === 0);
  current.target.scrollIntoView({ block: "nearest" });
  if (!popover.matches(":popover-open")) popover.showPopover();
  popover.focus();
}

function end() {
  mark([]);
  hideHints();
  bubble().hidePopover();
  cameFrom?.focus();
  // The strip's button is gone with the strip.
  if (!cameFrom?.matches(":focus")) document.getElementById("open-help")?.focus();
}

/**
 * The style sheet draws a frame around what is marked, and anchors the bubble there.
 *
 * @param {HTMLElement[]} next
 */
function mark(next) {
  for (const target of targets) target.classList.remove("shown-around");
  for (const target of next) target.classList.add("shown-around");
  targets = next;
}

/**
 * @param {string} selector
 * @param {string | null | undefined} text
 */
function write(selector, text) {
  const element = document.querySelector(selector);
  if (element) element.textContent = text ?? "";
}
