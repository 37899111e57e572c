/** Sending pictures to the server, with news of how far it is. */
import { AWAY } from "../../core/rest.js";

/**
 * @param {FormData} form each field is called like a class, and has its pictures
 * @param {(share: number) => void} progress from 0 to 1
 * @returns {Promise<{ok: true, id: string} | {ok: false, words: string}>}
 */
export function upload(form, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(total ? loaded / total : 0));
    request.addEventListener("error", () => resolve({ ok: false, words: AWAY }));
    request.addEventListener("load", () => {
      const answer = /** @type {{id?: string, detail?: string} | null} */ (request.response);
      if (request.status === 201 && answer?.id) resolve({ ok: true, id: answer.id });
      else resolve({ ok: false, words: answer?.detail ?? AWAY });
    });
    request.open("POST", "/api/v1/datasets");
    request.responseType = "json";
    request.send(form);
  });
}
