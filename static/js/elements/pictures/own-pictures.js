/**
 * Pictures of one's own: the dialog in which they are gathered by class, from files, folders, a zip, the camera or a
 * drawing, before they are sent and learnt from. What was gathered stays there until it is learnt from.
 *
 * @import { Item } from "../../core/tray.js"
 * @import { Found } from "./files.js"
 */
import { count } from "../../core/format.js";
import { byClass, lacking, relabelled } from "../../core/tray.js";
import { session } from "../../core/session.js";
import { Camera } from "./camera.js";
import { DrawPad } from "./draw-pad.js";
import { chosen, dropped, pictures, small, zipOf } from "./files.js";
import { showTray } from "./tray.js";
import { upload } from "./upload.js";

/** Width of the pen, in pixels of the canvas. */
const PEN = 14;

/** @typedef {Item & {blob: Blob}} Gathered */

/** Starts listening; called once. */
export function startOwnPictures() {
  const dialog = document.getElementById("own-pictures");
  if (dialog instanceof HTMLDialogElement) new OwnPictures(dialog);
}

class OwnPictures {
  /** @type {Gathered[]} */
  #tray = [];
  /** @type {Set<Blob>} */
  #chosen = new Set();
  #dialog;
  #camera;
  #canvas;
  #pad;
  #sending = false;

  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.#dialog = dialog;
    this.#camera = new Camera(this.#find("video", HTMLVideoElement), this.#find("[data-camera]", HTMLElement));
    this.#canvas = this.#find("[data-pad]", HTMLCanvasElement);
    this.#pad = new DrawPad(this.#canvas, () => {});
    // Pictures from files and cameras are bright as well.
    [this.#pad.ink, this.#pad.paper, this.#pad.width] = ["#000000", "#ffffff", PEN];
    this.#pad.connect();
    dialog.addEventListener("click", (event) => void this.#clicked(event));
    dialog.addEventListener("change", (event) => void this.#changed(event));
    dialog.addEventListener("close", () => this.#camera.stop());
    document.addEventListener("drop", (event) => this.#dropped(event));
    this.#show();
  }

  /** @param {MouseEvent} event */
  async #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    const { act } = button.dataset;
    if (button.getAttribute("role") === "tab") {
      if (button.id === "tab-camera") void this.#camera.start();
      else this.#camera.stop();
    }
    if (act === "snap" && this.#camera.ready) this.#add(await this.#camera.snap(), "snapshot");
    if (act === "draw" && !this.#pad.empty) {
      this.#add(await small(this.#canvas), "drawing");
      this.#pad.reset();
    }
    if (act === "clear") this.#pad.reset();
    if (act === "move") this.#change(relabelled(this.#tray, ({ blob }) => this.#chosen.has(blob), this.#label));
    if (act === "remove") this.#change(this.#tray.filter(({ blob }) => !this.#chosen.has(blob)));
    if (act === "send") await this.#send();
  }

  /** @param {Event} event */
  async #changed({ target }) {
    if (!(target instanceof HTMLInputElement)) return;
    if (target.type === "file" && target.files) {
      const found = chosen(target.files);
      target.value = "";
      await this.#take(found);
    }
    if (target.dataset.label !== undefined) {
      const { label } = target.dataset;
      this.#change(relabelled(this.#tray, (item) => item.label === label, target.value));
    }
  }

  /** Wherever it is dropped, in a lab of pictures. @param {DragEvent} event */
  #dropped(event) {
    if (!event.dataTransfer?.types.includes("Files") || !document.querySelector("[data-dialog=own-pictures]")) return;
    if ([...event.dataTransfer.files].every(({ name }) => name.endsWith(".json"))) return; // an experiment
    event.preventDefault();
    if (!this.#dialog.open) this.#dialog.showModal();
    void dropped(event.dataTransfer).then((found) => this.#take(found));
  }

  /** The class that what comes next belongs to. */
  get #label() {
    return this.#find("#own-class", HTMLInputElement).value.trim();
  }

  /** @param {Found[]} found */
  async #take(found) {
    const zip = zipOf(found);
    if (zip) {
      const form = new FormData();
      form.append("file", zip, zip.name);
      await this.#upload(form);
      return;
    }
    this.#say("Reading the pictures…");
    const { items, skipped, unread } = await pictures(found, this.#label);
    const words = [
      unread ? `Could not be read, and left out: ${count(unread)}.` : "",
      skipped ? `No pictures, and left out: ${count(skipped)}.` : "",
    ];
    this.#change([...this.#tray, ...items], words.filter(Boolean).join(" "));
  }

  /**
   * @param {Blob} blob
   * @param {string} name
   */
  #add(blob, name) {
    this.#change([...this.#tray, { label: this.#label, name, blob }]);
  }

  /**
   * @param {Gathered[]} tray
   * @param {string} [words]
   */
  #change(tray, words = "") {
    this.#tray = tray;
    this.#chosen.clear();
    this.#complain("");
    this.#show(words);
  }

  #show(words = "") {
    const chosen = this.#chosen;
    const update = () => {
      this.#find("[data-chosen]", HTMLElement).hidden = chosen.size === 0;
      this.#find("[data-chosen-words]", HTMLElement).textContent = `${chosen.size} chosen:`;
    };
    showTray(this.#find("[data-tray]", HTMLElement), byClass(this.#tray), chosen, update);
    const names = [...byClass(this.#tray).keys()].filter(Boolean).map((name) => new Option("", name));
    this.#find("datalist", HTMLDataListElement).replaceChildren(...names);
    update();
    const missing = lacking(this.#tray);
    this.#say([words, missing].filter(Boolean).join(" "));
    this.#find("[data-act=send]", HTMLButtonElement).disabled = missing !== "" || this.#sending;
  }

  async #send() {
    const form = new FormData();
    for (const [index, { label, blob }] of this.#tray.entries()) form.append(label, blob, `${index}.png`);
    await this.#upload(form);
  }

  /** @param {FormData} form */
  async #upload(form) {
    const bar = this.#find("progress", HTMLProgressElement);
    this.#sending = true;
    bar.hidden = false;
    this.#complain("");
    this.#show("Sending…");
    const answer = await upload(form, (share) => {
      bar.value = share;
      if (share === 1) this.#say("The server looks at the pictures…");
    });
    this.#sending = false;
    bar.hidden = true;
    this.#show();
    if (!answer.ok) {
      this.#complain(answer.words);
      return;
    }
    this.#dialog.close();
    await htmx.ajax("PATCH", `/runs/${session.state.run}`, {
      source: "#builder",
      target: "#lab",
      swap: "outerMorph",
      values: { "data.kind": "pictures", "data.dataset": answer.id },
    });
  }

  /** @param {string} text */
  #say(text) {
    this.#find("[data-told]", HTMLElement).textContent = text;
  }

  /** @param {string} text */
  #complain(text) {
    const place = this.#find("[data-problem]", HTMLElement);
    place.textContent = text;
    place.hidden = text === "";
  }

  /**
   * @template {Element} Kind
   * @param {string} selector
   * @param {new () => Kind} Kind
   * @returns {Kind}
   */
  #find(selector, Kind) {
    const element = this.#dialog.querySelector(selector);
    if (!(element instanceof Kind)) throw new Error(`the dialog of own pictures lacks ${selector}`);
    return element;
  }
}
