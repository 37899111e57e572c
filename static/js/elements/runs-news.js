/** Keeps the cards of runs that train up to date, and looks now and then whether others do. */
import { drawHeld } from "../charts/thumbnail.js";

const EVERY = 2500;
/** Of so many times, all cards are asked for once. */
const ALL_EVERY = 6;
const MOST = 200;
const LIVE = "[data-status=running], [data-status=queued], [data-status=compiling]";

/**
 * @typedef {object} News
 * @property {string} id
 * @property {string} status
 * @property {string} words
 * @property {boolean} playing
 * @property {string | null} thumbnail
 */

let turn = 0;

/** Starts asking; called once. */
export function startRunsNews() {
  setInterval(() => void ask(), EVERY);
  document.addEventListener("visibilitychange", () => void ask());
}

async function ask() {
  if (document.hidden) return;
  turn += 1;
  const cards = document.querySelectorAll(turn % ALL_EVERY ? `.run:is(${LIVE})` : ".run");
  const ids = [...cards].map((card) => card.id.replace("run-", "")).slice(0, MOST);
  if (!ids.length) return;
  const answer = await fetch(`/runs/news?${new URLSearchParams(ids.map((id) => ["run", id]))}`).catch(() => null);
  if (!answer?.ok) return;
  for (const news of /** @type {News[]} */ ((await answer.json()).runs)) show(news);
}

/** @param {News} news */
function show({ id, status, words, playing, thumbnail }) {
  const card = document.getElementById(`run-${id}`);
  if (!card) return;
  card.dataset.status = status;
  const [line, picture, play] = ["[data-words]", ".run-picture", ".run-play"].map((part) => card.querySelector(part));
  if (line && line.textContent !== words) line.textContent = words;
  if (picture instanceof HTMLElement && thumbnail && picture.dataset.thumbnail !== thumbnail) {
    picture.dataset.thumbnail = thumbnail;
    drawHeld(picture);
  }
  if (play instanceof HTMLButtonElement && play.value !== (playing ? "pause" : "play")) {
    play.value = playing ? "pause" : "play";
    play.title = playing ? "Pause" : "Play";
    play.setAttribute("aria-label", `${play.title} ${card.dataset.title}`);
  }
}
