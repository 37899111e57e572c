/**
 * The event stream of one or more runs. It reconnects by itself for as long as it is not closed, and goes on where it was.
 *
 * @import { Message } from "./types.js"
 */

const ADDRESS = "/api/v1/events";
const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;

/**
 * @typedef {object} StreamOptions
 * @property {string[]} runs
 * @property {string[]} parts of a frame
 * @property {(message: Message) => void} tell
 * @property {() => void} gone called when the server answers but knows one of the runs no more
 */

/**
 * Opens the stream.
 *
 * @param {StreamOptions} options
 * @returns {() => void} closes it for good
 */
export function openStream({ runs, parts, tell, gone }) {
  /** @type {EventSource | null} */
  let source = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let wait = FIRST_WAIT;
  let lastId = "";
  let closed = false;

  /** @param {Event} event */
  const data = (event) => {
    const message = /** @type {MessageEvent<string>} */ (event);
    lastId = message.lastEventId || lastId;
    return JSON.parse(message.data);
  };

  const open = () => {
    const query = new URLSearchParams({ runs: runs.join(), parts: parts.join(",") });
    if (lastId) query.set("last_event_id", lastId);
    source = new EventSource(`${ADDRESS}?${query}`);
    source.addEventListener("open", () => {
      wait = FIRST_WAIT;
      tell({ type: "connection", open: true });
    });
    source.addEventListener("frame", (event) => tell({ type: "frame", frame: data(event), at: performance.now() }));
    source.addEventListener("status", (event) => tell({ type: "status", status: data(event), at: performance.now() }));
    source.addEventListener("problem", (event) => tell({ type: "problem", problem: data(event) }));
    source.addEventListener("error", () => void retry());
  };

  // The browser's own retry gives up for good on some answers, so every loss is handled here in one way. A server that
  // answers, but has no stream to spare, is not away: what the visitor does there is still sent.
  const retry = async () => {
    source?.close();
    source = null;
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(() => void again(), wait);
    wait = Math.min(wait * 1.6, LONGEST_WAIT);
    const answer = await ask();
    if (!closed && !(answer && answer.status < 500)) tell({ type: "connection", open: false });
  };

  const again = async () => {
    const answer = await ask();
    if (closed) return;
    if (answer?.status === 404) gone();
    else open();
  };

  // What the server says of the first run that it does not show, or of the last.
  const ask = async () => {
    /** @type {Response | null} */
    let answer = null;
    for (const run of runs) {
      answer = await fetch(`/api/v1/runs/${run}`).catch(() => null);
      if (!answer?.ok) break;
    }
    return answer;
  };

  open();
  return () => {
    closed = true;
    clearTimeout(timer);
    source?.close();
  };
}
