/**
 * The tray of pictures that are about to be sent: by class, with the class's name to be changed, and pictures to be
 * chosen.
 *
 * @import { Item } from "../../core/tray.js"
 */

/** The address of each picture that is shown. @type {Map<Blob, string>} */
const addresses = new Map();

/**
 * @param {HTMLElement} place
 * @param {Map<string, (Item & {blob: Blob})[]>} classes
 * @param {Set<Blob>} chosen changed by clicks
 * @param {() => void} update called after that
 */
export function showTray(place, classes, chosen, update) {
  const shown = new Set([...classes.values()].flat().map(({ blob }) => blob));
  for (const [blob, address] of addresses) {
    if (shown.has(blob)) continue;
    URL.revokeObjectURL(address);
    addresses.delete(blob);
  }
  place.replaceChildren(
    ...[...classes].map(([label, items]) => {
      const group = document.createElement("section");
      group.className = "tray-class";
      const grid = document.createElement("div");
      grid.className = "tray-grid";
      grid.append(...items.map(({ blob, name }) => thumbnail(blob, name, chosen, update)));
      group.append(nameField(label, items.length), grid);
      return group;
    }),
  );
}

/**
 * @param {string} label
 * @param {number} count
 */
function nameField(label, count) {
  const head = document.createElement("label");
  const input = document.createElement("input");
  const note = document.createElement("span");
  head.className = "tray-name";
  [input.className, input.value, input.placeholder] = ["input", label, "Name of the class"];
  [input.dataset.label, input.ariaLabel, input.autocomplete] = [label, `Name of the class ${label}`, "off"];
  [note.className, note.textContent] = ["note", String(count)];
  head.append(input, note);
  return head;
}

/**
 * @param {Blob} blob
 * @param {string} name
 * @param {Set<Blob>} chosen
 * @param {() => void} update
 */
function thumbnail(blob, name, chosen, update) {
  const address = addresses.get(blob) ?? URL.createObjectURL(blob);
  addresses.set(blob, address);
  const button = document.createElement("button");
  const image = document.createElement("img");
  [image.src, image.alt] = [address, name];
  [button.type, button.className, button.title] = ["button", "tray-picture", `Choose ${name}`];
  button.setAttribute("aria-pressed", "false");
  button.append(image);
  button.addEventListener("click", () => {
    if (!chosen.delete(blob)) chosen.add(blob);
    button.setAttribute("aria-pressed", String(chosen.has(blob)));
    update();
  });
  return button;
}
