// Messages as the server sends them, for tests.

/**
 * @param {Partial<import("../../static/js/core/types.js").Frame & import("../../static/js/core/types.js").Pictures>} [changes]
 * @param {number} [at]
 * @returns {import("../../static/js/core/types.js").Message}
 */
export function frame(changes = {}, at = 0) {
  const frame = {
    run: "a",
    revision: 0,
    origin: 0,
    status: /** @type {const} */ ("running"),
    playing: true,
    step: 0,
    epoch: 0,
  };
  return { type: "frame", frame: { ...frame, ...changes }, at };
}

/**
 * @param {Partial<import("../../static/js/core/types.js").StatusEvent>} [changes]
 * @returns {import("../../static/js/core/types.js").Message}
 */
export function status(changes = {}) {
  const never = { passed: null, kept_epochs: [], undo: null, redo: null };
  const status = { run: "a", revision: 0, status: /** @type {const} */ ("running"), message: "", step: 0, epoch: 0 };
  return {
    type: "status",
    status: { ...status, speed: 30, queue_place: null, playing: false, ...never, ...changes },
    at: 0,
  };
}

/**
 * @param {(number | null)[][]} rows
 */
export function points(rows) {
  return { columns: ["step", "epoch", "revision", "train_loss"], rows };
}
