/**
 * Painting points: strokes by pointer and by keyboard, each of them one change of the run. What is painted is drawn at
 * once and never lost: a set that nothing can be learnt from waits until it is whole.
 *
 * @import { PointSet } from "../core/types.js"
 * @import { Place } from "../core/paint.js"
 * @import { Tool } from "./palette.js"
 * @import { Readout } from "./readout.js"
 */
import { count } from "../core/format.js";
import {
  MOST_POINTS,
  added,
  alike,
  distance,
  emptied,
  erased,
  missing,
  sprayed,
  toCsv,
  withClass,
} from "../core/paint.js";
import { session } from "../core/session.js";
import { Palette } from "./palette.js";
import { placeOf, spotOf } from "./readout.js";
import { offerDraft } from "./undo.js";

/** How far the pointer goes from dot to dot, and how far spray and eraser reach: parts of the plane's side. */
const APART = { dot: 0.045, spray: 0.02, erase: 0.01 };
const REACH = { spray: 0.07, erase: 0.045 };
const SPRAYED_AT_ONCE = 3;

export class Painting {
  #root;
  #area;
  #palette;
  #readout;
  #draw;
  #refetch;
  #active = false;
  /** What the server has. @type {PointSet | null} */
  #served = null;
  /** What is painted. @type {PointSet | null} */
  #draft = null;
  /** Whether that is more than the server has. */
  #waiting = false;
  #sending = 0;
  /** What was sent last. @type {PointSet | null} */
  #sent = null;
  /** The last place of the present stroke, and what was there before it. @type {Place | null} */
  #last = null;
  /** @type {PointSet | null} */
  #before = null;

  /**
   * @param {HTMLElement} root holds the plot and the palette
   * @param {HTMLElement} area the plot
   * @param {{readout: Readout, draw: () => void, refetch: () => void}} plot
   */
  constructor(root, area, { readout, draw, refetch }) {
    this.#root = root;
    this.#area = area;
    this.#readout = readout;
    this.#draw = draw;
    this.#refetch = refetch;
    this.#palette = new Palette(root, {
      toggle: () => this.#toggle(),
      chosen: () => this.show(),
      addClass: () => this.#addClass(),
      clear: () => this.#clear(),
    });
  }

  /** Starts listening. @returns {() => void} ends it */
  connect() {
    const ending = new AbortController();
    const { signal } = ending;
    this.#palette.connect(signal);
    this.#area.addEventListener("pointerdown", (event) => this.#begin(event), { signal });
    this.#area.addEventListener("pointermove", (event) => this.#go(event), { signal });
    this.#area.addEventListener("pointerup", () => this.#end(), { signal });
    this.#area.addEventListener("pointercancel", () => this.#end(), { signal });
    this.#root.addEventListener("keydown", (event) => this.#press(event), { signal });
    this.#root.addEventListener("htmx:finally:request", () => this.#settle(), { signal });
    // Behind all who may have stopped the request, to send it later.
    window.addEventListener("htmx:config:request", (event) => this.#stop(event), { signal });
    return () => ending.abort();
  }

  get active() {
    return this.#active;
  }

  /** What is to be drawn. */
  get set() {
    return this.#active && this.#draft ? this.#draft : this.#served;
  }

  /**
   * The points that the server has now. What is painted gives way to them, unless it is on its way there, or waits and
   * nobody has chosen other points.
   *
   * @param {PointSet} set
   */
  serve(set) {
    const same = this.#served !== null && alike(this.#served, set);
    this.#served = set;
    if (!this.#last && !this.#sending && !(this.#waiting && same)) this.#adopt();
    this.show();
  }

  #adopt() {
    const names = this.#served?.class_names ?? [];
    if (names.join() !== this.#draft?.class_names.join()) this.#palette.choose(names.length - 1);
    this.#waiting = false;
    this.#draft = this.#served;
  }

  /** Shows palette, points and advice as they now are. */
  show() {
    this.#palette.show(this.#active ? this.#draft : null);
    this.#area.classList.toggle("painted-on", this.#active);
    this.#readout.telling = !this.#active;
    this.#advise();
    this.#draw();
  }

  /** @param {string} [trouble] */
  #advise(trouble = "") {
    const set = this.#active ? this.#draft : null;
    const lacking = set ? missing(set, this.#parts) : "";
    this.#palette.advise(set ? trouble || lacking : "");
    offerDraft(this.#waiting && lacking ? this.#drop : null, "painting");
  }

  #drop = () => {
    this.#adopt();
    this.show();
  };

  #toggle() {
    this.#active = !this.#active;
    if (!this.#waiting && !this.#sending) this.#adopt();
    this.show();
  }

  #addClass() {
    if (!this.#draft) return;
    this.#draft = withClass(this.#draft);
    this.#palette.choose(this.#draft.class_names.length - 1);
    this.show();
  }

  #clear() {
    if (!this.#draft) return;
    this.#draft = emptied(this.#draft);
    this.#commit(this.#draft);
    this.show();
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (!this.#active || !this.#draft || event.button !== 0) return;
    this.#area.setPointerCapture(event.pointerId);
    this.#apply(placeOf(spotOf(event, this.#area), this.#draft));
  }

  /** @param {PointerEvent} event */
  #go(event) {
    if (!this.#last || !this.#draft) return;
    for (const moment of event.getCoalescedEvents()) {
      const place = placeOf(spotOf(moment, this.#area), this.#draft);
      if (distance(this.#draft, place, this.#last) >= APART[this.#palette.tool]) this.#apply(place);
    }
  }

  #end() {
    const changed = this.#last && this.#draft !== this.#before;
    this.#last = this.#before = null;
    if (changed && this.#draft) this.#commit(this.#draft);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (!this.#active) return;
    const erases = event.key === "Delete" || event.key === "Backspace";
    if (event.key === "Escape") {
      this.#toggle();
      this.#area.focus();
    } else if (event.target === this.#area && (erases || event.key === "Enter")) {
      event.preventDefault();
      const place = this.#readout.place;
      if (place) this.#apply(place, erases ? "erase" : this.#palette.tool);
      this.#end();
    }
  }

  /**
   * @param {Place} place
   * @param {Tool} tool
   */
  #apply(place, tool = this.#palette.tool) {
    if (!this.#draft) return;
    this.#last = place;
    this.#before ??= this.#draft;
    const { label, value } = this.#palette;
    if (tool === "erase") this.#draft = erased(this.#draft, place, REACH.erase);
    else {
      const places = tool === "dot" ? [place] : sprayed(this.#draft, place, REACH.spray, SPRAYED_AT_ONCE);
      this.#draft = added(this.#draft, places, this.#draft.task === "regression" ? value : label);
    }
    this.#draw();
  }

  /** The stroke is done: the server learns of it, if anything can be learnt. @param {PointSet} set */
  #commit(set) {
    this.#waiting = true;
    this.#advise(set.points.length < MOST_POINTS ? "" : `There can be no more than ${count(MOST_POINTS)} points`);
    if (!missing(set, this.#parts)) this.#send(set);
  }

  /** @param {PointSet} set */
  #send(set) {
    this.#sending += 1;
    this.#sent = set;
    void htmx.ajax("POST", `/runs/${session.state.run}/own-points`, {
      source: `#${this.#root.id}`,
      target: "#lab",
      swap: "outerMorph",
      values: { text: toCsv(set), "data.domain": set.domain.map((interval) => interval.join()).join(";") },
    });
  }

  /** @param {Event} event */
  #stop(event) {
    if (event.target === this.#root && event.defaultPrevented) this.#sending -= 1;
  }

  /** A request of the painting's is over. The promise of one that has to queue says nothing of that. */
  #settle() {
    this.#sending -= 1;
    if (this.#sending || session.state.kept || this.#draft !== this.#sent) return;
    const trouble = document.getElementById("own-error")?.textContent ?? "";
    if (trouble) this.#advise(trouble);
    else {
      this.#waiting = false;
      this.#refetch();
    }
  }

  /** Into how many parts the points are split: each has a row of metrics. */
  get #parts() {
    return this.#root.querySelectorAll("tbody tr").length;
  }
}
