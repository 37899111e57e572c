/** Drawing a picture by hand: black on white, with a mouse, a pen or a finger. */
import { small } from "./files.js";

const WIDTH = 14;

export class Sketch {
  /** Whether anything is drawn. */
  drawn = false;
  #canvas;
  #context;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    this.#canvas = canvas;
    this.#context = context;
    this.clear();
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#line(event, true);
    });
    canvas.addEventListener("pointermove", (event) => event.buttons && this.#line(event, false));
  }

  clear() {
    const context = this.#context;
    [context.lineWidth, context.lineCap, context.lineJoin] = [WIDTH, "round", "round"];
    [context.fillStyle, context.strokeStyle] = ["white", "black"];
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.drawn = false;
  }

  /** @returns {Promise<Blob>} */
  picture() {
    return small(this.#canvas);
  }

  /**
   * @param {PointerEvent} event
   * @param {boolean} begins
   */
  #line(event, begins) {
    const { width } = this.#canvas.getBoundingClientRect();
    const scale = this.#canvas.width / width;
    const [x, y] = [event.offsetX * scale, event.offsetY * scale];
    if (begins) {
      this.#context.beginPath();
      this.#context.moveTo(x, y);
    }
    this.#context.lineTo(x, y);
    this.#context.stroke();
    this.drawn = true;
  }
}
