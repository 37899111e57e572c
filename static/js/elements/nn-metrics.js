/**
 * `<nn-metrics>`: the metrics of each part in numbers, in the table that the server has rendered.
 *
 * @import { LabState } from "../core/types.js"
 */
import { metric } from "../core/format.js";
import { session } from "../core/session.js";

class NnMetrics extends HTMLElement {
  #end = () => {};

  connectedCallback() {
    this.#end = session.subscribe({
      parts: ["metrics"],
      draw: (state, drawn) => state.metrics && state.metrics !== drawn.metrics && this.#show(state),
    });
  }

  disconnectedCallback() {
    this.#end();
  }

  /** @param {Readonly<LabState>} state */
  #show(state) {
    for (const cell of this.querySelectorAll("td")) {
      const { part = "", metric: name = "" } = cell.dataset;
      const text = metric(name, state.metrics?.[part]?.[name]);
      if (cell.textContent !== text) cell.textContent = text;
    }
  }
}

customElements.define("nn-metrics", NnMetrics);
