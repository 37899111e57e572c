/**
 * `<nn-diagnosis>`: what stands out in the run. Its button counts findings, the panel tells each with its numbers and a
 * button that puts it right; what is new is said aloud once.
 *
 * @import { Finding, LabState, Repair } from "../core/types.js"
 */
import { count, exact } from "../core/format.js";
import { session } from "../core/session.js";

const NOT_YET = "The network cannot be looked at yet.";
/** Numbers from here on are written with an exponent. */
const LARGE = 1e6;
const WELL = "Nothing stands out.";

class NnDiagnosis extends HTMLElement {
  /** What is shown. @type {Readonly<Finding[]>} */
  #findings = [];
  #end = () => {};

  connectedCallback() {
    this.addEventListener("click", this.#clicked);
    this.#end = session.subscribe({ parts: ["diagnosis"], draw: (state, drawn) => this.#draw(state, drawn) });
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
    this.#end();
  }

  /**
   * @param {Readonly<LabState>} state
   * @param {Readonly<LabState>} drawn
   */
  #draw(state, drawn) {
    if (state.diagnosis === drawn.diagnosis && drawn.revision >= 0) return;
    const findings = state.diagnosis?.findings ?? [];
    const told = new Set(this.#findings.map(({ code }) => code));
    this.#findings = findings;
    const words = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
    this.toggleAttribute("data-findings-there", findings.length > 0);
    write(this, "[data-count]", findings.length ? String(findings.length) : "");
    write(this, "[data-well]", state.diagnosis ? (findings.length ? "" : WELL) : NOT_YET);
    const label = state.diagnosis ? `Diagnosis: ${findings.length ? words : "nothing stands out"}` : "Diagnosis";
    const button = /** @type {HTMLElement} */ (this.querySelector("#diagnosis-button"));
    if (button.title !== label) {
      button.title = label;
      button.setAttribute("aria-label", label);
    }
    this.#list(findings);
    const news = findings.filter(({ code }) => !told.has(code)).map(({ title }) => title);
    if (news.length || !findings.length) {
      write(this, "[data-news]", news.length ? `Diagnosis: ${news.join(". ")}.` : "");
    }
  }

  /**
   * Those that are still there keep their elements, so that nothing is pulled away under a pointer.
   *
   * @param {Readonly<Finding[]>} findings
   */
  #list(findings) {
    const list = /** @type {HTMLElement} */ (this.querySelector("[data-findings]"));
    const known = new Map([...list.children].map((item) => [item.getAttribute("data-code"), item]));
    const items = findings.map((finding) => fill(known.get(finding.code) ?? this.#item(finding.code), finding));
    if (items.length === known.size && items.every((item, index) => item === list.children[index])) return;
    const focused = list.contains(document.activeElement);
    list.replaceChildren(...items);
    if (focused) /** @type {HTMLElement} */ (this.querySelector("#diagnosis-panel")).focus();
  }

  /**
   * @param {string} code
   * @returns {HTMLElement}
   */
  #item(code) {
    const template = this.querySelector("template");
    const item = /** @type {HTMLElement} */ (template?.content.firstElementChild?.cloneNode(true));
    item.dataset.code = code;
    return item;
  }

  /** @param {MouseEvent} event */
  #clicked = (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-repair]") : null;
    const code = button?.closest("[data-code]")?.getAttribute("data-code");
    const repair = this.#findings.find((finding) => finding.code === code)?.repair;
    if (repair) send(repair);
  };
}

/** @param {Repair} repair */
function send({ patch, reset }) {
  void htmx.ajax("POST", `/runs/${session.state.run}/repair`, {
    source: "#diagnosis",
    target: "#lab",
    swap: "outerMorph",
    values: { patch: JSON.stringify(patch), reset },
  });
}

/**
 * @param {Element} item
 * @param {Finding} finding
 */
function fill(item, { title, words, evidence, repair }) {
  write(item, "[data-title]", title);
  write(item, "[data-words]", words);
  const rows = Object.entries(evidence).map(([name, value]) => {
    const row = document.createElement("div");
    row.innerHTML = "<dt></dt><dd></dd>";
    write(row, "dt", name.replaceAll("_", " "));
    write(row, "dd", Number.isInteger(value) && value < LARGE ? count(value) : exact(value));
    return row;
  });
  item.querySelector("[data-evidence]")?.replaceChildren(...rows);
  const button = /** @type {HTMLElement} */ (item.querySelector("[data-repair]"));
  button.hidden = !repair || document.getElementById("lab")?.hasAttribute("data-reader") === true;
  if (button.textContent !== (repair?.label ?? "")) button.textContent = repair?.label ?? "";
  return item;
}

/**
 * @param {Element} root
 * @param {string} selector
 * @param {string} text
 */
function write(root, selector, text) {
  const element = /** @type {HTMLElement} */ (root.querySelector(selector));
  if (element.textContent !== text) element.textContent = text;
}

customElements.define("nn-diagnosis", NnDiagnosis);
