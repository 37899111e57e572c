/**
 * Judging by answers to single test pictures: the worst mistakes, and whether the network is as sure as it is right.
 *
 * @import { Host, JudgeView } from "./judge-views.js"
 */
import { calibrationFigure } from "../../charts/pictures/judge-figures.js";
import { count, exact } from "../../core/format.js";
import { calibration, mistakes } from "../../core/judging.js";
import { JudgeWay, LatestAnswers } from "./judge-views.js";
import { PictureTiles } from "./picture-tiles.js";
import { fetchPictures } from "./pictures.js";

/** So many mistakes are shown. */
const MOST = 18;

export class MistakesView extends JudgeWay {
  #latest = new LatestAnswers(() => void this.#show());
  #tiles = new PictureTiles();
  /** @type {string[]} */
  #names = [];

  /** @param {Host} host */
  constructor(host) {
    super(host, { name: "mistakes", title: "Worst mistakes", parts: [] });
  }

  /** @override */
  begin() {
    this.host.details.replaceChildren(this.#tiles.element);
    this.host.tell("Looking for the worst mistakes…");
    if (this.#latest.answers) void this.#show();
  }

  /** @type {JudgeView["draw"]} */
  draw(_state, { class_names: names }) {
    this.#names = names;
    this.#latest.watch();
    return null;
  }

  async #show() {
    const { answers } = this.#latest;
    if (!answers) return;
    const all = mistakes(answers);
    const worst = all.slice(0, MOST);
    const page = await fetchPictures(worst.map((index) => answers.rows[index] ?? 0));
    if (!page || answers !== this.#latest.answers || !this.#tiles.element.isConnected) return;
    const name = (/** @type {number | undefined} */ label) => this.#names[label ?? -1] ?? String(label);
    const words = (/** @type {number} */ tile) => {
      const index = worst[tile] ?? 0;
      return `${name(answers.labels[index])} read as ${name(answers.predicted[index])}, loss ${exact(answers.loss[index] ?? 0)}`;
    };
    const wrong = `${count(all.length)} of ${count(answers.rows.length)} test pictures are read wrongly`;
    this.host.tell(
      all.length
        ? `${wrong}; the worst, by their loss:`
        : `All ${count(answers.rows.length)} test pictures are read rightly.`,
    );
    this.#tiles.show(page, words);
  }
}

export class CalibrationView extends JudgeWay {
  #latest = new LatestAnswers(() => this.host.renew());
  #words = "";

  /** @param {Host} host */
  constructor(host) {
    super(host, { name: "calibration", title: "Calibration", parts: [] });
  }

  /** @override */
  begin() {
    super.begin();
    this.host.tell("Comparing how sure it is with how often it is right…");
  }

  /** @type {JudgeView["draw"]} */
  draw() {
    this.#latest.watch();
    if (!this.#latest.answers) return null;
    const { bins, error } = calibration(this.#latest.answers);
    this.#words = `On the line it is as sure as it is right; below it, too sure. Expected calibration error: ${(error * 100).toFixed(2)} %`;
    this.host.tell(`${this.#words}. Larger points stand for more answers.`);
    return calibrationFigure(bins);
  }

  /** @override */
  summary() {
    return `Reliability diagram of the test pictures. ${this.#words}`;
  }
}
