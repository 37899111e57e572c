/**
 * What the network answers beside what was right: a confusion matrix, or for a regression predicted against actual values
 * and what is left over.
 *
 * @import { Figure } from "../card.js"
 */
import { floatsOf } from "../../core/decode.js";
import { count, metric } from "../../core/format.js";
import { ChartCard } from "../card.js";
import { confusionFigure } from "../confusion.js";
import { tabs } from "../controls.js";
import { axis } from "../layouts.js";
import { PARTS } from "../learning-curves.js";
import { dataFacts } from "../run-facts.js";
import { token } from "../theme.js";

export class PredictionsChart extends ChartCard {
  #part = "train";
  #residuals = false;
  #data = dataFacts(() => this.refresh());

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element, {
      name: "predictions",
      title: "Predictions",
      parts: ["predictions"],
      empty: "What the network answers to each sample will be drawn here as soon as it is compiled.",
      tall: true,
    });
  }

  /** @override @type {ChartCard["watch"]} */
  watch(state, drawn) {
    this.#data.watch(state);
    return super.watch(state, drawn);
  }

  /** @override */
  headKey() {
    return `${Boolean(this.state.predictions?.values)} ${this.#parts().map(({ part }) => part)}`;
  }

  /** @override */
  head() {
    const choices = this.#parts().map(({ part, label }) => ({ value: part, label }));
    const part = tabs("Samples", choices, this.#shown(), (chosen) => {
      this.#part = chosen;
      this.refresh();
    });
    if (!this.state.predictions?.values) return [part];
    const kinds = [
      { value: "", label: "Values" },
      { value: "residuals", label: "Residuals" },
    ];
    const kind = tabs("Against actual values", kinds, this.#residuals ? "residuals" : "", (chosen) => {
      this.#residuals = chosen === "residuals";
      this.refresh();
    });
    return [part, kind];
  }

  /** @override @returns {Figure | null} */
  figure() {
    const matrix = this.#matrix();
    if (matrix) return confusionFigure(matrix, this.#classNames(matrix));
    const pairs = this.#pairs();
    return pairs && (this.#residuals ? residualFigure(pairs) : valueFigure(pairs));
  }

  /** @override */
  summary() {
    const label = PARTS.find(({ part }) => part === this.#shown())?.label ?? "";
    const matrix = this.#matrix();
    if (matrix) {
      const names = this.#classNames(matrix);
      const rows = matrix.map((row, actual) => {
        const right = `${count(row[actual] ?? 0)} of ${count(row.reduce((sum, value) => sum + value, 0))}`;
        return `${names[actual]}: ${right} right`;
      });
      return `${label} samples. ${rows.join(". ")}.`;
    }
    const pairs = this.#pairs();
    if (!pairs) return this.kind.empty;
    const error = pairs.reduce((sum, { actual, predicted }) => sum + Math.abs(predicted - actual), 0) / pairs.length;
    return `${label} samples: predictions are off by ${metric("", error)} on average.`;
  }

  /** @override */
  table() {
    const parts = this.#parts();
    const { confusion } = this.state.predictions ?? {};
    if (confusion) {
      const rows = parts.flatMap(({ part }) => {
        const matrix = confusion[part] ?? [];
        const names = this.#classNames(matrix);
        return matrix.flatMap((row, actual) =>
          row.map((value, predicted) => [part, names[actual] ?? "", names[predicted] ?? "", value]),
        );
      });
      return { columns: ["part", "actual", "predicted", "count"], rows };
    }
    const rows = parts.flatMap(({ part }) =>
      (this.#pairs(part) ?? []).map(({ actual, predicted }) => [part, actual, predicted, predicted - actual]),
    );
    return { columns: ["part", "actual", "predicted", "residual"], rows };
  }

  /** The parts of the data that have samples. */
  #parts() {
    const { confusion, values } = this.state.predictions ?? {};
    return PARTS.filter(({ part }) => confusion?.[part] ?? values?.[part]);
  }

  /** The part that is shown: the chosen one, if it has samples. */
  #shown() {
    const parts = this.#parts().map(({ part }) => part);
    return parts.includes(this.#part) ? this.#part : (parts[0] ?? this.#part);
  }

  #matrix() {
    return this.state.predictions?.confusion?.[this.#shown()] ?? null;
  }

  /** @param {string} part */
  #pairs(part = this.#shown()) {
    const values = this.state.predictions?.values?.[part];
    if (!values) return null;
    const outputs = floatsOf(values.outputs);
    return Array.from(floatsOf(values.targets), (actual, index) => ({ actual, predicted: outputs[index] ?? 0 }));
  }

  /** @param {number[][]} matrix */
  #classNames(matrix) {
    const names = this.#data.document?.class_names ?? [];
    return matrix.map((_, index) => (names[index] ?? String(index)).replace(/^-/, "−"));
  }
}

/**
 * @param {{actual: number, predicted: number}[]} pairs
 * @returns {Figure}
 */
function valueFigure(pairs) {
  const all = pairs.flatMap(({ actual, predicted }) => [actual, predicted]);
  const ends = [Math.min(...all), Math.max(...all)];
  return {
    data: [dots(pairs, ({ predicted }) => predicted), { ...rule(ends, ends), name: "Right" }],
    layout: { xaxis: axis("Actual"), yaxis: axis("Predicted") },
  };
}

/**
 * @param {{actual: number, predicted: number}[]} pairs
 * @returns {Figure}
 */
function residualFigure(pairs) {
  const actual = pairs.map((pair) => pair.actual);
  return {
    data: [
      dots(pairs, (pair) => pair.predicted - pair.actual),
      { ...rule([Math.min(...actual), Math.max(...actual)], [0, 0]), name: "Right" },
    ],
    layout: { xaxis: axis("Actual"), yaxis: axis("Predicted − actual") },
  };
}

/**
 * @param {{actual: number, predicted: number}[]} pairs
 * @param {(pair: {actual: number, predicted: number}) => number} height
 */
function dots(pairs, height) {
  return {
    type: "scatter",
    mode: "markers",
    name: "Samples",
    x: pairs.map(({ actual }) => actual),
    y: pairs.map(height),
    marker: { color: token("positive"), size: 4, opacity: 0.6 },
  };
}

/**
 * The line on which samples lie that are answered rightly.
 *
 * @param {number[]} x
 * @param {number[]} y
 */
function rule(x, y) {
  return { type: "scatter", mode: "lines", x, y, line: { color: token("line-strong"), width: 1, dash: "dash" } };
}
