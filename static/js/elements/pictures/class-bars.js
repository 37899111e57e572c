/** What a network answers, class by class: names, bars and chances; what is right and what was answered stand in words. */
import { made } from "./dom.js";

/**
 * @typedef {object} Answer
 * @property {string[]} names of the classes
 * @property {number[]} shares of each class, 0 to 1
 * @property {number} predicted
 * @property {number | null} label the right class, if it is known
 */

/**
 * Fills a list; the same number of classes is drawn into the entries that are there.
 *
 * @param {HTMLUListElement} list
 * @param {Answer} answer
 * @param {(index: number, opener: HTMLElement) => void} [press] called when a class is pressed
 */
export function showAnswer(list, { names, shares, predicted, label }, press) {
  if (list.children.length !== names.length) list.replaceChildren(...names.map((_, index) => entry(index, press)));
  for (const [index, item] of [...list.children].entries()) {
    const share = shares[index] ?? 0;
    const [name, bar, chance, note] = /** @type {HTMLElement[]} */ ([...item.children]);
    const words = index === label ? (index === predicted ? "✓ right" : "right") : index === predicted ? "answer" : "";
    if (!name || !bar || !chance || !note) continue;
    name.textContent = names[index] ?? String(index);
    bar.style.setProperty("--share", share.toFixed(4));
    chance.textContent = `${(share * 100).toFixed(1)} %`;
    note.textContent = label === null ? (index === predicted ? "◀ most" : "") : words;
    item.classList.toggle("class-predicted", index === predicted);
    item.classList.toggle("class-right", index === label);
  }
}

/**
 * @param {number} index
 * @param {(index: number, opener: HTMLElement) => void} [press]
 */
function entry(index, press) {
  const bar = made("span", "class-bar");
  bar.setAttribute("aria-hidden", "true");
  const name = made(press ? "button" : "span", "class-name");
  if (name instanceof HTMLButtonElement) {
    name.type = "button";
    name.title = "Show how it comes to this answer";
  }
  const item = made("li", "", name, bar, made("span", "class-chance"), made("span", "class-note"));
  if (press) item.addEventListener("click", () => press(index, name));
  return item;
}
