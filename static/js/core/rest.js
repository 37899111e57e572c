/** Asking the REST interface: what it answers, or what it says is wrong, in words. */

/** What is told where nobody answers. */
export const AWAY = "The server cannot be reached. Try this again when it is back.";

/**
 * @typedef {object} Answer
 * @property {boolean} ok
 * @property {any} value what came, if it is JSON
 * @property {string} words what is wrong; nothing where all is well
 * @property {{path: string, message: string}[]} fields each bad field
 */

/**
 * @param {string} method
 * @param {string} path below /api/v1
 * @param {object | Blob} [body] JSON, or a file as it is
 * @returns {Promise<Answer>}
 */
export async function rest(method, path, body) {
  const json = body && !(body instanceof Blob);
  /** @type {RequestInit} */
  const request = json
    ? { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }
    : { method, body: body instanceof Blob ? body : null };
  const answer = await fetch(`/api/v1${path}`, request).catch(() => null);
  if (!answer) return { ok: false, value: null, words: AWAY, fields: [] };
  const value = await answer.json().catch(() => null);
  if (answer.ok) return { ok: true, value, words: "", fields: [] };
  return { ok: false, value, words: value?.detail ?? AWAY, fields: value?.errors ?? [] };
}
