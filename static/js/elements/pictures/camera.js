/** Snapshots by the camera of the device, while its pane is shown; where there is none this says so. */
import { small } from "./files.js";

/** What `getUserMedia` calls its refusals. @type {Record<string, string>} */
const WORDS = {
  NotAllowedError: "The camera may not be used here: allow it in the browser’s settings for this page.",
  NotFoundError: "This device has no camera.",
  NotReadableError: "The camera is in use by another program.",
};

export class Camera {
  /** @type {MediaStream | null} */
  #stream = null;
  #wanted = false;
  #video;
  #note;

  /**
   * @param {HTMLVideoElement} video
   * @param {HTMLElement} note
   */
  constructor(video, note) {
    this.#video = video;
    this.#note = note;
  }

  /** Whether it shows something. */
  get ready() {
    return this.#stream !== null;
  }

  async start() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#tell("Waiting for the camera…");
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "NotFoundError");
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 320 } });
      if (!this.#wanted) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      this.#stream = this.#video.srcObject = stream;
      await this.#video.play();
      this.#tell("");
    } catch (error) {
      this.#wanted = false;
      const name = error instanceof DOMException ? error.name : "";
      this.#tell(WORDS[name] ?? "The camera cannot be used here: it needs a secure address (https).");
    }
  }

  stop() {
    this.#wanted = false;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = this.#video.srcObject = null;
  }

  /** What it sees now. @returns {Promise<Blob>} */
  snap() {
    return small(this.#video);
  }

  /** @param {string} text */
  #tell(text) {
    this.#note.textContent = text;
    this.#video.hidden = text !== "";
  }
}
