/** The buttons that take the last change back and make it again; they follow what the run says of it. */
import { session } from "../core/session.js";

/** Starts following; called once. */
export function startUndo() {
  session.subscribe({
    parts: [],
    draw: (state) => {
      if (state.revision < 0) return;
      show("undo", "Undo", state.undo);
      show("redo", "Redo", state.redo);
    },
  });
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
