/** Choosing the picture that is looked into: one of the data, by its row. */
import { rest } from "../../core/rest.js";
import { session } from "../../core/session.js";
import { lookInto } from "../../core/subject.js";
import { toast } from "../toasts.js";

/** @param {number} row */
export async function look(row) {
  lookInto(null);
  const { ok, words } = await rest("POST", `/runs/${session.state.run}/commands`, { type: "look", row });
  if (!ok) toast(words, "problem");
}
