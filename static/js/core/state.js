/**
 * The page's knowledge of its run: a pure reducer from messages to states. It neither draws nor talks to anybody.
 *
 * @import { Frame, LabState, Message, Pictures, PointLog, StatusEvent } from "./types.js"
 */

/** The pictures that a frame may bring, each the latest of its kind. */
export const PICTURES = /** @type {const} */ ([
  "metrics",
  "weights",
  "gradients",
  "inputs",
  "neurons",
  "boundary",
  "separator",
  "weight_histograms",
  "activation_histograms",
  "gradient_histograms",
  "gradient_norms",
  "predictions",
  "surface",
  "space",
  "diagnosis",
  "maps",
  "filters",
  "embedding",
  "boxes",
]);

/** Those that tell of a network of one kind alone. */
const OF_ONE_KIND = { separator: null, maps: null, filters: null, embedding: null, boxes: null };

/** Epochs per second are measured over this many milliseconds. */
const PACE_WINDOW = 2000;

/** @type {Readonly<LabState>} */
export const INITIAL = Object.freeze({
  run: "",
  connected: true,
  left: null,
  catchingUp: null,
  kept: 0,
  status: "created",
  playing: false,
  message: "",
  queuePlace: null,
  passed: null,
  keptEpochs: [],
  undo: null,
  redo: null,
  problem: null,
  revision: -1,
  origin: -1,
  step: 0,
  epoch: 0,
  rate: null,
  pace: [],
  points: { columns: [], rows: [] },
  metrics: null,
  weights: null,
  gradients: null,
  inputs: null,
  neurons: null,
  boundary: null,
  separator: null,
  weight_histograms: null,
  activation_histograms: null,
  gradient_histograms: null,
  gradient_norms: null,
  predictions: null,
  surface: null,
  space: null,
  diagnosis: null,
  maps: null,
  filters: null,
  embedding: null,
  boxes: null,
});

/**
 * The state after a message. Messages about other runs, and old ones, change nothing.
 *
 * @param {Readonly<LabState>} state
 * @param {Message} message
 * @returns {Readonly<LabState>}
 */
export function reduce(state, message) {
  switch (message.type) {
    case "watch":
      return message.run === state.run ? state : { ...INITIAL, run: message.run, kept: state.kept };
    case "connection":
      return message.open === state.connected ? state : withConnection(state, message.open);
    case "catch-up":
      return { ...state, catchingUp: message.epoch > state.epoch ? message.epoch : null };
    case "kept":
      return { ...state, kept: message.count };
    case "problem":
      return message.problem.run && message.problem.run !== state.run ? state : { ...state, problem: message.problem };
    case "intent":
      return message.playing === state.playing ? state : { ...state, playing: message.playing };
    case "forget":
      return forgetful(state, message.parts);
    case "status":
      return message.status.run === state.run ? withStatus(state, message.status) : state;
    default:
      return message.frame.run === state.run ? withFrame(state, message.frame, message.at) : state;
  }
}

/**
 * @param {Readonly<LabState>} state
 * @param {boolean} open
 * @returns {Readonly<LabState>}
 */
function withConnection(state, open) {
  const { epoch, playing } = state;
  // A server that fell may have forgotten the last change, if it had not answered it yet: its word counts.
  const revision = Math.min(0, state.revision);
  return { ...state, connected: open, revision, left: open ? null : { epoch, playing }, pace: [], rate: null };
}

/**
 * What the run still has to catch up to: nothing once it is there, or has stopped on the way.
 *
 * @param {Readonly<LabState>} state
 * @param {{epoch: number, playing: boolean}} news
 */
function stillCatchingUp({ catchingUp }, { epoch, playing }) {
  return catchingUp !== null && playing && epoch < catchingUp ? catchingUp : null;
}

/**
 * @param {Readonly<LabState>} state
 * @param {(keyof Pictures)[]} parts
 * @returns {Readonly<LabState>}
 */
function forgetful(state, parts) {
  const known = parts.filter((name) => state[name]);
  return known.length ? { ...state, ...Object.fromEntries(known.map((name) => [name, null])) } : state;
}

/**
 * @param {Readonly<LabState>} state
 * @param {StatusEvent} event
 * @returns {Readonly<LabState>}
 */
function withStatus(state, event) {
  if (event.revision < state.revision) return state;
  const running = event.status === "running";
  return {
    ...state,
    status: event.status,
    playing: event.playing,
    catchingUp: stillCatchingUp(state, event),
    message: event.message,
    queuePlace: event.queue_place ?? null,
    passed: event.passed,
    keptEpochs: event.kept_epochs,
    undo: event.undo,
    redo: event.redo,
    problem: event.status === "diverged" || event.status === "failed" ? state.problem : null,
    revision: event.revision,
    step: event.step,
    epoch: event.epoch,
    pace: running ? state.pace : [],
    rate: running ? state.rate : null,
  };
}

/**
 * @param {Readonly<LabState>} state
 * @param {Frame & Partial<Pictures>} frame
 * @param {number} at
 * @returns {Readonly<LabState>}
 */
function withFrame(state, frame, at) {
  if (frame.revision < state.revision) return state;
  const restarted = frame.origin !== state.origin;
  const pace = frame.status === "running" && !restarted ? paced(state.pace, frame.epoch, at) : [];
  return {
    ...state,
    status: frame.status,
    playing: frame.playing,
    catchingUp: stillCatchingUp(state, frame),
    revision: frame.revision,
    origin: frame.origin,
    step: frame.step,
    epoch: frame.epoch,
    pace,
    rate: rateOf(pace),
    points: frame.points
      ? appended(restarted ? null : state.points, frame.points)
      : restarted
        ? INITIAL.points
        : state.points,
    // Not every kind of network has these, and another start may be of another kind.
    ...pictures(restarted ? { ...state, ...OF_ONE_KIND } : state, frame),
  };
}

/**
 * @param {Readonly<LabState>} state
 * @param {Partial<Pictures>} frame
 * @returns {Pictures}
 */
function pictures(state, frame) {
  return /** @type {Pictures} */ (Object.fromEntries(PICTURES.map((name) => [name, frame[name] ?? state[name]])));
}

/**
 * The log with new rows behind the old ones. After a new connection rows may come again: a step is kept once, and
 * those of a later revision take the place of what would have come without it.
 *
 * @param {PointLog | null} log
 * @param {PointLog} news
 * @returns {PointLog}
 */
function appended(log, news) {
  if (!log || log.columns.join() !== news.columns.join()) return news;
  const [step, , revision] = (log.rows.at(-1) ?? [-1, -1, -1]).map(Number);
  const rows = news.rows.filter((row) => Number(row[0]) > (step ?? -1) || Number(row[2]) > (revision ?? -1));
  const first = Number(rows[0]?.[0]);
  return rows.length ? { columns: log.columns, rows: [...before(log.rows, first), ...rows] } : log;
}

/**
 * The rows before a step: all of them, but for the rare case of a change that was made after a crash.
 *
 * @param {PointLog["rows"]} rows
 * @param {number} step
 */
function before(rows, step) {
  return Number(rows.at(-1)?.[0] ?? -1) < step ? rows : rows.filter((row) => Number(row[0]) < step);
}

/**
 * @param {{epoch: number, at: number}[]} pace
 * @param {number} epoch
 * @param {number} at
 */
function paced(pace, epoch, at) {
  return [...pace.filter((mark) => at - mark.at <= PACE_WINDOW && mark.epoch <= epoch), { epoch, at }];
}

/**
 * Epochs per second between the first and the last mark; null while that says nothing yet.
 *
 * @param {{epoch: number, at: number}[]} pace
 */
function rateOf(pace) {
  const first = pace[0];
  const last = pace.at(-1);
  if (!first || !last || last.at - first.at < 400) return null;
  return ((last.epoch - first.epoch) / (last.at - first.at)) * 1000;
}
