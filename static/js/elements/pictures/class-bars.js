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
 */
export function showAnswer(list, { names, shares, predicted, label }) {
  if (list.children.length !== names.length) list.replaceChildren(...names.map(entry));
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

function entry() {
  const bar = made("span", "class-bar");
  bar.setAttribute("aria-hidden", "true");
  return made("li", "", made("span", "class-name"), bar, made("span", "class-chance"), made("span", "class-note"));
}
