/** Bringing runs back from files: chosen, or dropped anywhere on the page. */
import { rest } from "../core/rest.js";
import { refreshList } from "./runs-list.js";
import { toast } from "./toasts.js";

/** Starts listening; called once. */
export function startRunsImport() {
  const input = /** @type {HTMLInputElement} */ (document.getElementById("import-file"));
  input.addEventListener("change", async () => {
    await bring([...(input.files ?? [])]);
    input.value = "";
  });
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.dataset.dropping = "";
  });
  for (const kind of ["dragleave", "drop"])
    document.addEventListener(kind, () => delete document.body.dataset.dropping);
  document.addEventListener("drop", (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    void bring(files);
  });
}

/** One after the other: the first that cannot be read is told of, and those after it are left alone. @param {File[]} files */
async function bring(files) {
  for (const file of files) {
    const end = toast(`Bringing back ${file.name}…`, "note", true);
    const answer = await rest("POST", "/runs/import", file);
    end();
    if (!answer.ok) {
      tell(file.name, answer);
      return;
    }
    await refreshList();
    toast(`${file.name} is back. It rests where it was left.`, "note");
    document.getElementById(`open-${answer.value.id}`)?.focus();
  }
}

/**
 * @param {string} name
 * @param {import("../core/rest.js").Answer} answer
 */
function tell(name, { words, fields }) {
  const part = (/** @type {string} */ id) =>
    /** @type {HTMLElement} */ (document.getElementById(`import-problem${id}`));
  part("-title").textContent = `${name} cannot be brought back`;
  part("-words").textContent = words;
  part("-fields").replaceChildren(
    ...fields.map(({ path, message }) => {
      const item = document.createElement("li");
      item.textContent = path ? `${path}: ${message}` : message;
      return item;
    }),
  );
  /** @type {HTMLDialogElement} */ (part("")).showModal();
}
