/** Making and finding elements in few words. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {...(Node | string)} content
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function made(tag, className = "", ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

/**
 * @param {string} label
 * @param {() => void} press
 * @param {string} [className]
 */
export function button(label, press, className = "chart-button") {
  const element = made("button", className, label);
  element.type = "button";
  element.addEventListener("click", press);
  return element;
}

/** The “?” that tells of a term; `data-about` says which (app/web/lab/about/terms.py). */
export function aboutButton() {
  const element = button("?", () => {}, "about");
  element.setAttribute("popovertarget", "about");
  element.setAttribute("aria-label", "About this view");
  return element;
}

/**
 * The part of an element that the template marks with `data-{name}`.
 *
 * @template {HTMLElement} Kind
 * @param {Element} root
 * @param {string} name
 * @param {new () => Kind} Kind
 * @returns {Kind}
 */
export function marked(root, name, Kind) {
  const found = root.querySelector(`[data-${name}]`);
  if (!(found instanceof Kind)) throw new Error(`<${root.localName}> lacks [data-${name}]`);
  return found;
}

/**
 * Writes a text where it is another: what is read aloud is not said again.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * A box that scrolls within itself, by keys as well.
 *
 * @param {string} label
 * @param {HTMLElement} content
 */
export function scrolling(label, content) {
  const box = made("div", "term-scroll", content);
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", label);
  return box;
}

/** @param {string} text */
export function heading(text) {
  const cell = made("th", "", text);
  cell.scope = "col";
  return cell;
}
