/** The learning rate that the schedule gives each epoch, and where the run is. */
import { metric } from "../../core/format.js";
import { CurveChart } from "../curves.js";
import { scheduleCurves } from "../run-facts.js";
import { token } from "../theme.js";

/** The mark of the present epoch moves in so many steps. */
const MOST_PLACES = 200;

export class ScheduleChart extends CurveChart {
  #functions = scheduleCurves(() => this.refresh());
  /** The epoch marked last. */
  #marked = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element, {
      name: "schedule",
      title: "Learning rate",
      parts: [],
      empty: "The learning rate over the epochs will be drawn here.",
    });
  }

  /** @override @type {CurveChart["watch"]} */
  watch(state) {
    this.#functions.watch(state);
    const horizon = this.#functions.document?.schedule.epoch.at(-1) ?? Infinity;
    return Math.abs(state.epoch - this.#marked) > horizon / MOST_PLACES;
  }

  /** @override */
  curves() {
    const schedule = this.#functions.document?.schedule;
    if (!schedule) return [];
    const { epoch: x, learning_rate: y } = schedule;
    return [{ key: "rate", label: "Learning rate", colour: token("train"), dash: "solid", dashes: "", x, y }];
  }

  /** @override */
  head() {
    return [];
  }

  /** @override */
  settings() {
    // Nothing here is noisy.
    return super.settings().slice(0, 2);
  }

  /** @override */
  figure() {
    const figure = super.figure();
    if (!figure) return null;
    const { epoch } = this.state;
    this.#marked = epoch;
    const at = this.looks.logX ? Math.log10(Math.max(1, epoch)) : epoch;
    const line = { color: token("ink-faint"), width: 1, dash: "dot" };
    const present = { type: "line", x0: epoch, x1: epoch, y0: 0, y1: 1, yref: "paper", line };
    const label = {
      x: at,
      y: 0,
      yref: "paper",
      yanchor: "bottom",
      text: "now",
      showarrow: false,
      xanchor: "left",
      xshift: 2,
    };
    return { ...figure, layout: { ...figure.layout, shapes: [present], annotations: [label] } };
  }

  /** @override */
  summary() {
    const schedule = this.#functions.document?.schedule;
    if (!schedule) return this.kind.empty;
    const [first, last] = [schedule.learning_rate[0], schedule.learning_rate.at(-1)];
    return `From ${metric("", first)} to ${metric("", last)} over ${schedule.epoch.at(-1)} epochs.`;
  }
}
