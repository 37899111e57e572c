/**
 * The confusion matrix: a cell that is chosen, by a click or by name, shows its pictures. Below it precision and recall.
 *
 * @import { Host, JudgeView } from "./judge-views.js"
 * @import { Clicked } from "../../charts/pictures/plot.js"
 */
import { tabs } from "../../charts/controls.js";
import { clickableConfusion } from "../../charts/pictures/judge-figures.js";
import { count } from "../../core/format.js";
import { classScores, ofCell } from "../../core/judging.js";
import { rest } from "../../core/rest.js";
import { session } from "../../core/session.js";
import { heading, made, scrolling } from "./dom.js";
import { JudgeWay } from "./judge-views.js";
import { PictureTiles } from "./picture-tiles.js";
import { fetchPictures } from "./pictures.js";

/** Of a cell at most so many pictures are shown. */
const MOST = 30;
const NOTHING_YET = "The network will be judged here as soon as it is compiled and has seen all pictures.";
/** @type {Record<string, string>} */
const PART_LABELS = { train: "Training", validation: "Validation", test: "Test" };

export class ConfusionView extends JudgeWay {
  #part = "test";
  /** @type {string[]} */
  #names = [];
  /** @type {number[][]} */
  #matrix = [];
  /** @type {{actual: number, predicted: number} | null} */
  #cell = null;
  #parts = made("div", "judge-parts");
  #actual = made("select", "input");
  #predicted = made("select", "input");
  #cellWords = made("p", "note");
  #pictures = new PictureTiles();
  #scores = made("tbody", "");
  #offered = "";

  /** @param {Host} host */
  constructor(host) {
    super(host, { name: "confusion", title: "Confusion matrix", parts: ["predictions"] });
    this.#cellWords.setAttribute("role", "status");
    for (const select of [this.#actual, this.#predicted]) {
      select.dataset.local = "";
      select.addEventListener("change", () => {
        this.#choose({ actual: Number(this.#actual.value), predicted: Number(this.#predicted.value) });
      });
    }
  }

  /** @override */
  begin() {
    super.begin();
    this.host.tell(NOTHING_YET);
  }

  /** What stands below the matrix, once there is one. */
  #build() {
    const field = (/** @type {string} */ label, /** @type {HTMLSelectElement} */ select) =>
      made("label", "field", made("span", "field-label", label), select);
    const head = made("tr", "", ...["Class", "Pictures", "Precision", "Recall"].map(heading));
    const table = made("table", "term-table", made("thead", "", head), this.#scores);
    this.host.details.replaceChildren(
      this.#parts,
      made("div", "judge-cell", field("Pictures of", this.#actual), field("read as", this.#predicted)),
      this.#cellWords,
      this.#pictures.element,
      scrolling("Precision and recall by class", table),
    );
    this.host.tell(
      "Each row is what pictures show, each column what they are read as. Choose a cell to see its pictures.",
    );
  }

  /** @type {JudgeView["draw"]} */
  draw({ predictions, status }, { class_names: names }) {
    const confusion = predictions?.confusion ?? {};
    const known = Object.keys(PART_LABELS).filter((part) => confusion[part]);
    if (!known.includes(this.#part)) this.#part = known.at(-1) ?? "test";
    const matrix = confusion[this.#part];
    if (!matrix) {
      this.begin();
      if (status === "failed") this.host.tell("There is nothing to judge: the run has failed.");
      return null;
    }
    if (!this.#parts.isConnected) this.#build();
    this.#offer(known, names);
    this.#matrix = matrix;
    this.#showScores();
    return clickableConfusion(matrix, names, this.#cell);
  }

  /** @override */
  summary() {
    const all = this.#matrix.flat().reduce((sum, value) => sum + value, 0);
    const right = this.#matrix.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
    return `Confusion matrix, ${PART_LABELS[this.#part]} pictures: ${count(right)} of ${count(all)} are read rightly`;
  }

  /** @param {Clicked} point */
  clicked({ pointNumber }) {
    if (!Array.isArray(pointNumber)) return;
    const [actual, predicted] = pointNumber;
    this.#actual.value = String(actual);
    this.#predicted.value = String(predicted);
    this.#choose({ actual, predicted });
  }

  /**
   * @param {string[]} known parts
   * @param {string[]} names
   */
  #offer(known, names) {
    const key = JSON.stringify([session.state.origin, known, names]);
    if (key === this.#offered) return;
    this.#offered = key;
    this.#names = names;
    this.#cell = null;
    this.#pictures.show(null);
    this.#cellWords.textContent = "";
    const choices = known.map((part) => ({ value: part, label: PART_LABELS[part] ?? part }));
    const parts = tabs("Pictures", choices, this.#part, (part) => {
      this.#part = part;
      if (this.#cell) void this.#findPictures();
      this.host.renew();
    });
    this.#parts.replaceChildren(parts);
    for (const select of [this.#actual, this.#predicted]) {
      const options = names.map((name, index) => {
        const option = made("option", "", name);
        option.value = String(index);
        return option;
      });
      const none = made("option", "", "–");
      none.disabled = none.selected = true;
      select.replaceChildren(none, ...options);
    }
  }

  /** @param {{actual: number, predicted: number}} cell */
  #choose(cell) {
    if (Number.isNaN(cell.actual) || Number.isNaN(cell.predicted)) return;
    this.#cell = cell;
    this.host.renew();
    void this.#findPictures();
  }

  async #findPictures() {
    const [cell, part] = [this.#cell, this.#part];
    if (!cell) return;
    const title = `${this.#names[cell.actual]} read as ${this.#names[cell.predicted]}`;
    this.#cellWords.textContent = `${title}: finding the pictures…`;
    const { ok, value, words } = await rest("GET", `/runs/${session.state.run}/answers?part=${part}`);
    const found = ok ? ofCell(value, cell.actual, cell.predicted) : [];
    const rows = found.map((index) => value.rows[index] ?? 0);
    const page = ok ? await fetchPictures(rows.slice(0, MOST)) : null;
    if (cell !== this.#cell || part !== this.#part) return;
    if (!page) {
      this.#cellWords.textContent = words || "The pictures could not be fetched.";
      return;
    }
    const some = rows.length > MOST ? `, the first ${MOST} shown` : "";
    this.#cellWords.textContent = `${title}: ${count(rows.length)} picture${rows.length === 1 ? "" : "s"}${some}`;
    const sure = (/** @type {number} */ index) => `${((value.probability[found[index] ?? 0] ?? 0) * 100).toFixed(0)} %`;
    this.#pictures.show(page, sure);
  }

  #showScores() {
    const share = (/** @type {number | null} */ value) => (value === null ? "–" : `${(value * 100).toFixed(1)} %`);
    const scores = classScores(this.#matrix).map(({ support, precision, recall }) => [
      count(support),
      share(precision),
      share(recall),
    ]);
    if (this.#scores.childElementCount !== scores.length) {
      this.#scores.replaceChildren(...scores.map(() => made("tr", "", made("th"), made("td"), made("td"), made("td"))));
    }
    for (const [index, texts] of scores.entries()) {
      const cells = [...(this.#scores.children[index]?.children ?? [])];
      for (const [column, text] of [this.#names[index] ?? String(index), ...texts].entries()) {
        const cell = cells[column];
        if (cell && cell.textContent !== text) cell.textContent = text;
      }
      cells[0]?.setAttribute("scope", "row");
    }
  }
}
