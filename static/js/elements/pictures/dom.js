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
