/**
 * The state of a run in words: a short title, and a line that says more or what to do.
 *
 * @import { LabState } from "./types.js"
 */
import { count, metric, rate } from "./format.js";

const AWAY =
  "The server cannot be reached: it has stopped, or the network is down. Everything you built is kept. Go on changing " +
  "it if you like: when the server is back, the run is brought to where it was and your changes are made, in order.";

/**
 * @param {Readonly<LabState>} state
 * @returns {{kind: string, title: string, detail: string, trouble?: string}} `kind` is the status, "lost" or "catching-up"; `trouble`
 * what went wrong, in full
 */
export function statusWords(state) {
  if (!state.connected) {
    return { kind: "lost", title: "Connection lost", detail: waiting(state) || "Trying again…", trouble: AWAY };
  }
  if (state.catchingUp !== null) {
    const detail = [`Epoch ${count(state.epoch)} of ${count(state.catchingUp)}`, waiting(state)]
      .filter(Boolean)
      .join(", ");
    return { kind: "catching-up", title: "Catching up…", detail };
  }
  const kind = state.status;
  switch (kind) {
    case "created":
      return { kind, title: "Ready", detail: "Press play, or the space bar" };
    case "queued":
      return {
        kind,
        title: "Waiting",
        detail: state.queuePlace ? `Place ${state.queuePlace} in the queue` : state.message,
      };
    case "compiling":
      return { kind, title: "Compiling…", detail: `A few seconds, once: ${compiled(state.message)}` };
    case "running":
      return {
        kind,
        title: "Running",
        detail: state.rate === null ? `Step ${count(state.step)}` : `${rate(state.rate)} epochs/s`,
      };
    case "paused":
      return state.passed === null
        ? { kind, title: "Paused", detail: `Step ${count(state.step)}` }
        : { kind, title: "Looking back", detail: `Step ${count(state.step)}` };
    case "finished":
      return { kind, title: "Finished", detail: state.message };
    case "diverged":
      return {
        kind,
        title: `Diverged at step ${count(state.step + 1)}`,
        detail: "Lower the learning rate, then reset",
        trouble: state.problem?.detail ?? state.message,
      };
    default:
      return {
        kind,
        title: "Failed",
        detail: "See the message below",
        trouble: state.problem?.detail ?? state.message,
      };
  }
}

/**
 * The last epoch that the run has passed.
 *
 * @param {Readonly<LabState>} state
 */
export function furthest({ epoch, passed }) {
  return Math.max(epoch, passed ?? 0);
}

/**
 * Where the run stands on its time line.
 *
 * @param {Readonly<LabState>} state
 */
export function whereabouts(state) {
  if (state.passed === null) return "Where the run is now";
  return `Looking back: epoch ${count(state.epoch)} of ${count(furthest(state))}`;
}

/**
 * What is being compiled, from the server's words for it.
 *
 * @param {string} message
 */
function compiled(message) {
  return (message.split(". ")[0] ?? "").replace(/^Compiling /, "");
}

/**
 * How many changes wait for the server; nothing where none do.
 *
 * @param {Readonly<LabState>} state
 */
function waiting({ kept }) {
  return kept ? `${kept} change${kept === 1 ? "" : "s"} kept` : "";
}

/**
 * What a screen reader says of a run now and then.
 *
 * @param {Readonly<LabState>} state
 */
export function announcement(state) {
  const { title, detail, trouble } = statusWords(state);
  if (state.status !== "running" || !state.connected) return `${title}. ${trouble ?? detail}`;
  const losses = ["train", "test"]
    .filter((part) => state.metrics?.[part])
    .map((part) => `${part === "train" ? "training" : part} loss ${metric("loss", state.metrics?.[part]?.loss)}`);
  return `${title}, epoch ${count(state.epoch)}, ${losses.join(", ")}`;
}
