/** The page of picks: whose they are, which of them, and the details of one. Its state is the address. */
import * as address from "../lib/address.js";
import { getGenres, getPeople, getPicks } from "../lib/api.js";
import { keyOf, personText, titleOf } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import "../parts/page-notice.js";
import { pickCard } from "../parts/pick-card.js";
import "../parts/person-switch.js";
import "../parts/pick-dialog.js";
import "../parts/pick-filters.js";
import "../parts/sync-strip.js";

/** @import {Problem} from "../lib/api.js" */
/** @import {Picks} from "../api.d.ts" */

const BILL = 2; // the first two are shown large
const SKELETONS = 12;
const REMEMBERED = "doublebill.person";

const part = (/** @type {string} */ name) => /** @type {any} */ (document.querySelector(name)); // parts type themselves
const [people, filters, sync, notice, dialog] = [
  "person-switch",
  "pick-filters",
  "sync-strip",
  "page-notice",
  "pick-dialog",
].map(part);
const [heading, count, results, bill, rest] = ["h1", "#count", "#results", "#bill", "#rest"].map(part);

/** @type {Picks} */
let shown = { count: 0, recommendations: [], weights_used: { content: 0, collab: 0, quality: 0, confidence: 0 } };
let asked = new AbortController();

const NO_MATCH = {
  title: "Nothing matches these filters",
  text: "Choose another genre or a lower score.",
  act: "Clear filters",
};
const NOTHING = {
  title: "Nothing to recommend yet",
  text: "A sync reads what was watched and asks TMDB for titles like it.",
  act: "Start a sync",
};
const OFFLINE = { title: "You are offline", text: "The page goes on as soon as the connection is back." };
const NOT_YET = { title: "Nothing to recommend yet", text: "The first titles appear here while the sync runs." };

people.addEventListener("person-change", () => {
  localStorage.setItem(REMEMBERED, people.value);
  address.replace({ user: people.value });
  start();
});
filters.addEventListener("filter-change", () => {
  address.replace(filters.values);
  showPicks();
});
notice.addEventListener("notice-act", () => {
  if (notice.said === NOTHING) sync.start();
  else if (notice.said === NO_MATCH) address.replace({ kind: null, genre: null, min_score: null });
  start();
});
sync.addEventListener("sync-advance", () => shown.recommendations.length || notice.said === NO_MATCH || start());
sync.addEventListener("sync-end", start);
addEventListener("online", start);
addEventListener("popstate", showTitle);
document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a[href*='title=']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  address.enter(new URL(/** @type {HTMLAnchorElement} */ (link).href).searchParams.get("title") ?? "");
  showTitle();
});

render(rest, html`${Array(SKELETONS).fill(html`<li class="card ghost"><div class="frame"></div></li>`)}`);
await start();
showTitle();

/** Show everything anew: who there is, what can be filtered by, and the picks. */
async function start() {
  try {
    const [{ people: everybody }, genres] = await Promise.all([getPeople(), getGenres()]);
    const { user, ...chosen } = address.read();
    const named = (/** @type {?string} */ name) =>
      everybody.find((person) => name && [person.id, person.name].includes(name));
    const person = named(user) ?? named(localStorage.getItem(REMEMBERED)) ?? everybody[everybody.length - 1];
    people.show(everybody, person.id);
    filters.show(genres, chosen);
    heading.textContent = person.id === "household" ? "For everyone at home" : `For ${personText(person)}`;
    await showPicks();
  } catch (error) {
    showProblem(/** @type {Problem} */ (error));
  }
}

async function showPicks() {
  asked.abort();
  asked = new AbortController();
  const { kind, genre, min_score } = filters.values;
  results.ariaBusy = "true";
  try {
    shown = await getPicks(people.value, { type_filter: kind, genre, min_score }, asked.signal);
    present(Boolean(kind || genre || min_score));
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "AbortError") showProblem(/** @type {Problem} */ (error));
  }
}

/** @param {boolean} isFiltered */
function present(isFiltered) {
  const picks = shown.recommendations;
  results.ariaBusy = "false";
  dialog.known = new Map(picks.map((pick) => [keyOf(pick), pick]));
  render(bill, html`${picks.slice(0, BILL).map(pickCard)}`);
  render(rest, html`${picks.slice(BILL).map(pickCard)}`);
  count.textContent = picks.length
    ? `${picks.length} ${picks.length > 1 ? "titles" : "title"} you do not own yet, the best first`
    : "";
  if (picks.length) notice.clear();
  else notice.say(isFiltered ? NO_MATCH : sync.status?.status === "running" ? NOT_YET : NOTHING);
}

/** What was shown stays below. @param {Problem} problem */
function showProblem(problem) {
  results.ariaBusy = "false";
  if (!shown.recommendations.length) render(rest, html``);
  const said = navigator.onLine ? { title: problem.message, text: problem.hint } : OFFLINE;
  notice.say({ ...said, act: "Try again", alert: true });
}

/** Open, change or close the details, as the address says. */
function showTitle() {
  const key = address.read().title;
  const title = titleOf(key);
  if (!title) return dialog.close();
  const unknown = { ...title, title: "", year: null, genres: [], vote_average: null };
  dialog.open(dialog.known.get(key) ?? unknown, shown.weights_used);
}
