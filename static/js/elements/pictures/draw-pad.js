/**
 * The canvas that is drawn on, by pointer or by keys: strokes of pen and eraser, which can be taken back one by one. What the
 * strokes mean is the owner's affair.
 *
 * @typedef {{x: number, y: number}} Point pixels of the canvas
 *
 * @typedef {object} Stroke
 * @property {string} colour
 * @property {number} width
 * @property {Point[]} points none where all before it is cleared away
 */

/** How far an arrow key moves the pen, in pixels; with Shift, further. */
const STEP = { fine: 7, coarse: 28 };

export class DrawPad {
  #canvas;
  #changed;
  /** @type {Stroke[]} */
  #strokes = [];
  /** The stroke that is being drawn. @type {Stroke | null} */
  #stroke = null;
  /** Where the pen is that keys move. @type {Point} */
  #pen;

  /** Colours and width of what is drawn next. */
  ink = "#ffffff";
  paper = "#000000";
  width = 30;
  erases = false;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => void} changed called after every change of the drawing
   */
  constructor(canvas, changed) {
    this.#canvas = canvas;
    this.#changed = changed;
    this.#pen = { x: canvas.width / 2, y: canvas.height / 2 };
  }

  /** Starts listening. @returns {() => void} ends it */
  connect() {
    const ending = new AbortController();
    const { signal } = ending;
    const canvas = this.#canvas;
    canvas.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.#stroke && event.buttons && this.#move(event), { signal });
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => this.#lift(), { signal });
    canvas.addEventListener("keydown", (event) => this.#press(event), { signal });
    canvas.addEventListener("blur", () => this.#lift(), { signal });
    this.#paint();
    return () => ending.abort();
  }

  /** Whether nothing is drawn. */
  get empty() {
    return !this.#strokes.at(-1)?.points.length;
  }

  /** Whether there is something to take back. */
  get undoable() {
    return this.#strokes.length > 0;
  }

  undo() {
    this.#strokes.pop();
    this.#paint();
    this.#changed();
  }

  /** Clears all away, which can be taken back, too. */
  clear() {
    if (this.empty) return;
    this.#strokes.push({ colour: this.paper, width: 0, points: [] });
    this.#paint();
    this.#changed();
  }

  /** Forgets the drawing: there is other data to draw for. */
  reset() {
    this.#strokes = [];
    this.#paint();
  }

  /**
   * The drawing as it is: for each of the channels its values, 0 to 1, line by line.
   *
   * @param {number} channels
   * @returns {Float32Array[]}
   */
  values(channels) {
    const { width, height } = this.#canvas;
    const pixels = this.#context()?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray(4 * width * height);
    return Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: width * height }, (__, index) => (pixels[4 * index + channel] ?? 0) / 255),
    );
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#begin(this.#at(event));
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const passed = event.getCoalescedEvents?.() ?? [];
    this.#extend((passed.length ? passed : [event]).map((each) => this.#at(each)));
  }

  /** @param {PointerEvent} event @returns {Point} */
  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return { x: ((clientX - left) / width) * this.#canvas.width, y: ((clientY - top) / height) * this.#canvas.height };
  }

  /** @param {Point} point */
  #begin(point) {
    this.#stroke = { colour: this.erases ? this.paper : this.ink, width: this.width, points: [] };
    this.#strokes.push(this.#stroke);
    this.#extend([point]);
  }

  /** @param {Point[]} points */
  #extend(points) {
    if (!this.#stroke) return;
    this.#stroke.points.push(...points);
    this.#place(points.at(-1) ?? this.#pen);
    this.#paint();
    this.#changed();
  }

  #lift() {
    this.#stroke = null;
    this.#paint();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const step = event.shiftKey ? STEP.coarse : STEP.fine;
    const [dx, dy] = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    }[event.key] ?? [0, 0];
    if (event.key === " ") {
      if (this.#stroke) this.#lift();
      else this.#begin(this.#pen);
    } else if (dx || dy) {
      const clamp = (/** @type {number} */ value, /** @type {number} */ most) => Math.min(most, Math.max(0, value));
      this.#place({ x: clamp(this.#pen.x + dx, this.#canvas.width), y: clamp(this.#pen.y + dy, this.#canvas.height) });
      if (this.#stroke) this.#extend([this.#pen]);
    } else return;
    event.preventDefault();
    // Elsewhere the space bar plays and pauses.
    event.stopPropagation();
  }

  /** Puts the pen there, and the mark that shows it to those who move it by keys. @param {Point} pen */
  #place(pen) {
    this.#pen = pen;
    const board = this.#canvas.parentElement;
    board?.style.setProperty("--pen-x", `${(pen.x / this.#canvas.width) * 100}%`);
    board?.style.setProperty("--pen-y", `${(pen.y / this.#canvas.height) * 100}%`);
  }

  #context() {
    return this.#canvas.getContext("2d", { willReadFrequently: true });
  }

  #paint() {
    const context = this.#context();
    if (!context) return;
    context.fillStyle = this.paper;
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    const cleared = this.#strokes.findLastIndex(({ points }) => !points.length);
    context.lineCap = context.lineJoin = "round";
    for (const { colour, width, points } of this.#strokes.slice(cleared + 1)) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      for (const { x, y } of points.length === 1 ? [...points, ...points] : points) context.lineTo(x, y);
      context.stroke();
    }
  }
}
