/**
 * The state of a run in words: a short title, and a line that says more or what to do.
 *
 * @import { LabState } from "./types.js"
 */
import { count, metric, rate } from "./format.js";

/**
 * @param {Readonly<LabState>} state
 * @returns {{kind: string, title: string, detail: string}} `kind` is the status, or "lost"
 */
export function statusWords(state) {
  if (!state.connected) return { kind: "lost", title: "Connection lost", detail: "Trying again…" };
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
      return { kind, title: "Compiling…", detail: state.message };
    case "running":
      return {
        kind,
        title: "Running",
        detail: state.rate === null ? `Step ${count(state.step)}` : `${rate(state.rate)} epochs/s`,
      };
    case "paused":
      return { kind, title: "Paused", detail: `Step ${count(state.step)}` };
    case "diverged":
      return { kind, title: "Diverged", detail: state.problem?.detail ?? state.message };
    case "finished":
      return { kind, title: "Finished", detail: state.message };
    default:
      return { kind, title: "Failed", detail: state.problem?.detail ?? state.message };
  }
}

/**
 * What a screen reader says of a run now and then.
 *
 * @param {Readonly<LabState>} state
 */
export function announcement(state) {
  const { title, detail } = statusWords(state);
  if (state.status !== "running" || !state.connected) return `${title}. ${detail}`;
  const losses = ["train", "test"]
    .filter((part) => state.metrics?.[part])
    .map((part) => `${part === "train" ? "training" : part} loss ${metric("loss", state.metrics?.[part]?.loss)}`);
  return `${title}, epoch ${count(state.epoch)}, ${losses.join(", ")}`;
}
