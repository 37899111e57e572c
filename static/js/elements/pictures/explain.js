/** Asking the server to explain what is looked at: a picture of the data, or a drawing. */
import { rest } from "../../core/rest.js";
import { session } from "../../core/session.js";
import { subject } from "../../core/subject.js";

/**
 * @param {Record<string, string | number | undefined>} question its kind, and what the kind asks for
 * @param {{row: number | null}} [of] the picture it is about; none where it is about a filter
 * @returns {Promise<import("../../core/rest.js").Answer>}
 */
export function explain(question, of) {
  const given = Object.entries(question).filter(([, value]) => value !== undefined);
  const fields = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  const drawn = of && of.row === null ? subject() : null;
  if (of && of.row !== null) fields.set("row", String(of.row));
  const path = `/runs/${session.state.run}/explain?${fields}`;
  return drawn ? rest("POST", path, { picture: [...drawn.values] }) : rest("GET", path);
}

/** Tells states of a run apart in which the same question has other answers. */
export function moment() {
  const { run, revision, step } = session.state;
  return `${run}/${revision}/${step}`;
}
