/** The small controls in the heads and menus of charts. They keep their own looks; what they change is the caller's. */

/**
 * Buttons of which one is pressed.
 *
 * @param {string} label what is chosen
 * @param {{value: string, label: string, title?: string}[]} choices a title says a short label in full
 * @param {string} chosen
 * @param {(value: string) => void} choose
 */
export function tabs(label, choices, chosen, choose) {
  const group = document.createElement("div");
  group.className = "tabs";
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", label);
  const buttons = choices.map((choice) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tab";
    button.textContent = choice.label;
    if (choice.title) button.title = choice.title;
    button.setAttribute("aria-pressed", String(choice.value === chosen));
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      choose(choice.value);
    });
    return button;
  });
  group.append(...buttons);
  return group;
}

/**
 * A box to tick.
 *
 * @param {string} label
 * @param {boolean} on
 * @param {(on: boolean) => void} turn
 */
export function check(label, on, turn) {
  const field = document.createElement("label");
  field.className = "menu-item";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = on;
  box.addEventListener("change", () => turn(box.checked));
  field.append(box, label);
  return field;
}

/**
 * A slider with its value beside the label.
 *
 * @param {string} label
 * @param {{min: number, max: number, step: number, value: number}} range
 * @param {(value: number) => void} slide
 */
export function slider(label, { min, max, step, value }, slide) {
  const field = document.createElement("label");
  field.className = "slider";
  const name = document.createElement("span");
  name.className = "field-label";
  name.textContent = label;
  const output = document.createElement("output");
  output.className = "slider-value";
  output.textContent = String(value);
  const input = document.createElement("input");
  Object.assign(input, { type: "range", min, max, step, value });
  input.addEventListener("input", () => {
    output.textContent = input.value;
    slide(Number(input.value));
  });
  field.append(name, output, input);
  return field;
}

/**
 * A legend whose entries are buttons: pressed ones are shown.
 *
 * @param {{key: string, label: string, short?: string, colour: string, dashes: string}[]} entries
 * @param {ReadonlySet<string>} hidden
 * @param {(key: string) => void} toggle
 */
export function legend(entries, hidden, toggle) {
  const list = document.createElement("ul");
  list.className = "chart-legend";
  list.setAttribute("aria-label", "Curves");
  const items = entries.map(({ key, label, short, colour, dashes }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", String(!hidden.has(key)));
    button.append(lineKey(colour, dashes), short ?? label);
    if (short) button.setAttribute("aria-label", label);
    button.addEventListener("click", () => {
      toggle(key);
      button.setAttribute("aria-pressed", String(!hidden.has(key)));
    });
    const item = document.createElement("li");
    item.append(button);
    return item;
  });
  list.append(...items);
  return list;
}

/**
 * A piece of a curve's line.
 *
 * @param {string} colour
 * @param {string} dashes
 */
export function lineKey(colour, dashes) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "chart-key");
  svg.setAttribute("viewBox", "0 0 20 4");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M0 2h20");
  path.setAttribute("stroke", colour);
  path.setAttribute("stroke-dasharray", dashes);
  svg.append(path);
  return svg;
}
