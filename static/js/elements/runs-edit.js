/** Name, tags and notes of a run, edited in its card. */
import { rest } from "../core/rest.js";
import { refreshList } from "./runs-list.js";

const FIELDS = /** @type {const} */ (["name", "tags", "notes"]);

/** What is being edited while the server renders the list anew. @type {{card: string, values: Record<string, string>}[]} */
let open = [];

/** Starts listening; called once. */
export function startRunsEdit() {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const card = target?.closest(".run");
    if (!(card instanceof HTMLElement)) return;
    if (target?.closest("[data-edit]")) edit(card, card.dataset);
    if (target?.closest("[data-cancel]")) close(card);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches(".run-edit")) return;
    event.preventDefault();
    void save(form);
  });
  document.addEventListener("keydown", (event) => {
    const card = event.target instanceof Element ? event.target.closest(".run:has(.run-edit)") : null;
    if (event.key === "Escape" && card instanceof HTMLElement) close(card);
  });
  document.addEventListener("htmx:before:swap", () => {
    open = [...document.querySelectorAll(".run-edit")].map((form) => ({
      card: form.closest(".run")?.id ?? "",
      values: valuesOf(/** @type {HTMLFormElement} */ (form)),
    }));
  });
  document.addEventListener("htmx:after:swap", () => {
    for (const { card, values } of open) {
      const element = document.getElementById(card);
      if (element && !element.querySelector(".run-edit")) edit(element, values);
    }
    open = [];
  });
}

/**
 * @param {HTMLElement} card
 * @param {Record<string, string | undefined>} values
 */
function edit(card, values) {
  const template = document.getElementById("run-edit");
  if (!(template instanceof HTMLTemplateElement) || card.querySelector(".run-edit")) return;
  card.append(template.content.cloneNode(true));
  for (const name of FIELDS) fieldOf(card, name).value = values[name] ?? "";
  fieldOf(card, "name").placeholder = card.dataset.title ?? "";
  fieldOf(card, "name").focus();
}

/** @param {HTMLElement} card */
function close(card) {
  card.querySelector(".run-edit")?.remove();
  const opener = card.querySelector("[data-edit]");
  if (opener instanceof HTMLElement) opener.focus();
}

/**
 * @param {Element} within
 * @param {string} name
 */
function fieldOf(within, name) {
  return /** @type {HTMLInputElement} */ (within.querySelector(`.run-edit [name=${name}]`));
}

/** @param {HTMLFormElement} form @returns {Record<string, string>} */
function valuesOf(form) {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

/** @param {HTMLFormElement} form */
async function save(form) {
  const card = form.closest(".run");
  if (!(card instanceof HTMLElement)) return;
  const { name = "", tags = "", notes = "" } = valuesOf(form);
  const label = {
    name: name.trim(),
    notes,
    tags: [...new Set(tags.split(",").map((tag) => tag.trim()))].filter(Boolean),
  };
  const { ok, words } = await rest("PATCH", `/runs/${card.dataset.run}/label`, label);
  const mistake = form.querySelector(".mistake");
  if (!ok) {
    if (mistake instanceof HTMLElement) Object.assign(mistake, { hidden: false, textContent: words });
    return;
  }
  close(card);
  await refreshList();
}
