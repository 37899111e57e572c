/** Copying an address from its field to the clipboard, by the button beside it. */

const SHOWN_FOR = 2500;

/**
 * @param {HTMLInputElement} field
 * @param {HTMLElement} button
 * @param {Element | null} status where it is told to screen readers
 */
export async function copyField(field, button, status) {
  const say = (/** @type {string} */ text) => {
    if (status) status.textContent = text;
  };
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Pages that do not come over HTTPS, or were refused, have only the old way.
    if (!document.execCommand("copy")) {
      say("Press Ctrl+C to copy");
      return;
    }
  }
  button.dataset.done = "";
  setTimeout(() => delete button.dataset.done, SHOWN_FOR);
  say("Copied");
}
