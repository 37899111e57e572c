/**
 * The buttons that take the last change back and make it again; they follow what the run says of it. What the run
 * knows nothing of comes first: points that are painted and cannot be sent yet, layers that were refused.
 *
 * @import { LabState } from "../core/types.js"
 */
import { session } from "../core/session.js";

/** Takes back what the run knows nothing of; null where there is no such thing. @type {(() => void) | null} */
let dropDraft = null;
/** What that is. */
let draft = "";

/** Starts following; called once. */
export function startUndo() {
  session.subscribe({ parts: [], draw: follow });
  // Before htmx sends anything.
  document.addEventListener(
    "click",
    (event) => {
      if (!dropDraft || !(event.target instanceof Element) || !event.target.closest("#undo")) return;
      event.stopPropagation();
      dropDraft();
    },
    { capture: true },
  );
}

/**
 * @param {(() => void) | null} drop takes back what the run knows nothing of; null where there is no such thing
 * @param {string} [words] what that is
 */
export function offerDraft(drop, words = "") {
  if (drop === dropDraft) return;
  [dropDraft, draft] = [drop, words];
  follow(session.state);
}

/** @param {Readonly<LabState>} state */
function follow({ revision, undo, redo }) {
  if (revision < 0) return;
  show("undo", "Undo", dropDraft ? draft : undo);
  show("redo", "Redo", redo);
}

/**
 * @param {string} id
 * @param {string} label
 * @param {string | null} change in words
 */
function show(id, label, change) {
  const button = document.getElementById(id);
  if (!(button instanceof HTMLButtonElement)) return;
  const words = change ? `${label}: ${change}` : label;
  if (button.title !== words) {
    button.title = words;
    button.setAttribute("aria-label", words);
  }
  if (button.disabled !== !change) button.disabled = !change;
}
