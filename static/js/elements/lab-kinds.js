/** Fetches what only one kind of lab needs as soon as the page shows it. */

/** From now on, and at once. */
export function startLabKinds() {
  seek();
  document.addEventListener("htmx:after:swap", seek);
}

function seek() {
  if (document.querySelector('main[data-sees="pictures"]')) void import("../pictures.js");
}
