/** The one small label that follows the pointer. It is above everything and never in the pointer's way. */

const AWAY = 14;

/** @type {HTMLElement | null} */
let tip = null;
/** Who shows it now: another cannot hide it. @type {object | null} */
let owner = null;

/**
 * @param {object} of who shows it
 * @param {string} text
 * @param {number} x of the window
 * @param {number} y
 */
export function showTip(of, text, x, y) {
  owner = of;
  tip ??= made();
  if (tip.textContent !== text) tip.textContent = text;
  if (!tip.matches(":popover-open")) tip.showPopover();
  const { width, height } = tip.getBoundingClientRect();
  const left = x + AWAY + width > innerWidth ? x - AWAY - width : x + AWAY;
  const top = y + AWAY + height > innerHeight ? y - AWAY - height : y + AWAY;
  tip.style.translate = `${Math.max(4, left)}px ${Math.max(4, top)}px`;
}

/** @param {object} of who showed it */
export function hideTip(of) {
  if (owner === of && tip?.matches(":popover-open")) tip.hidePopover();
}

function made() {
  const element = document.createElement("div");
  element.className = "tip";
  element.popover = "manual";
  element.setAttribute("role", "tooltip");
  document.body.append(element);
  return element;
}
