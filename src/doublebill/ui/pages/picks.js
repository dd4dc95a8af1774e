/** The page of picks: whose they are, which of them, and the details of one. Its state is the address. */
import { perform } from "../lib/acts.js";
import * as address from "../lib/address.js";
import { get, post, wordsOf } from "../lib/api.js";
import { keyOf, marksOf, personText, titleOf } from "../lib/format.js";
import { find, html, render } from "../lib/html.js";
import "../parts/page-notice.js";
import "../parts/pick-dialog.js";
import "../parts/pick-filters.js";
import "../parts/pick-grid.js";
import "../parts/search-box.js";
import "../parts/sync-strip.js";
import "../parts/title-lists.js";
import "../parts/toast-bar.js";
import "../parts/tuner-panel.js";

/** @import {Problem} from "../lib/api.js" */
const MOST = 100; // as many as the server gives at once
const REMEMBERED = "doublebill.person";

const [people, filters, sync, notice, dialog, heading, count, grid, toast, found, tuner, lists] =
  "#person pick-filters sync-strip page-notice pick-dialog h1 #count pick-grid toast-bar search-box tuner-panel title-lists"
    .split(" ")
    .map((name) => find(document, name));

/** @type {Api.Picks} */
let shown = { count: 0, recommendations: [], weights_used: { content: 0, collab: 0, quality: 0, confidence: 0 } };
let asked = new AbortController();
let isStale = false; // something was undone in a list over the page

people.onchange = () => {
  localStorage.setItem(REMEMBERED, people.value);
  address.replace({ user: people.value });
  start();
};
filters.addEventListener("filter-change", () => {
  address.replace(filters.values);
  showPicks();
});
notice.addEventListener("notice-act", () => {
  if (notice.said === "nothing") sync.start();
  else if (notice.said === "no-match") address.replace({ kind: null, genre: null, min_score: null });
  start();
});
sync.addEventListener("sync-advance", () => shown.recommendations.length || notice.said === "no-match" || start());
sync.addEventListener("sync-end", start);
addEventListener("online", start);
addEventListener("popstate", showTitle);
found.addEventListener("title-choose", (/** @type {CustomEvent<Api.Title>} */ { detail }) => {
  dialog.known.set(keyOf(detail), { ...detail, ...dialog.known.get(keyOf(detail)) });
  address.enter(keyOf(detail));
  showTitle();
});
tuner.addEventListener("tuner-save", async () => {
  const [user, before] = [people.value, tuner.saved];
  showPicks();
  if (!(await toast.say("The new weights count", { act: "Undo" }))) return;
  post("settings/tuner", { user }, before).then(showPicks, sayProblem);
});
lists.addEventListener("lists-close", () => isStale && showPicks());
document.addEventListener("click", (event) => {
  const place = /** @type {any} */ (event.target);
  const button = place.closest("[data-act], [data-open]");
  const { act, open } = button?.dataset ?? {};
  const link = place.closest("a[href*='title=']");
  if (act) doTo(act, button.closest("[data-key]"));
  else if (open === "tuner") tuner.open(people.value).catch(sayProblem);
  else if (open) lists.open(open, people.value);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  address.enter(new URL(link.href).searchParams.get("title") ?? "");
  showTitle();
});

await start();
showTitle();

/** Show everything anew: who there is, what can be filtered by, and the picks. */
async function start() {
  try {
    const [{ people: everybody }, genres] = await Promise.all([get("people"), get("genres")]);
    const { user, ...chosen } = address.read();
    const named = (/** @type {?string} */ name) =>
      everybody.find((person) => name && [person.id, person.name].includes(name));
    const person = named(user) ?? named(localStorage.getItem(REMEMBERED)) ?? everybody[everybody.length - 1];
    render(people, html`${everybody.map((each) => html`<option value="${each.id}">${personText(each)}</option>`)}`);
    people.value = person.id;
    found.user = person.id;
    filters.show(genres, chosen);
    heading.textContent = person.id === "household" ? "For everyone at home" : `For ${personText(person)}`;
    await showPicks();
  } catch (error) {
    showProblem(/** @type {Problem} */ (error));
  }
}

/** @param {AbortSignal} [signal] @returns {Promise<Api.Picks>} */
function askPicks(signal) {
  const { kind, ...others } = filters.values;
  return get("recommendations/weighted", { limit: MOST, user: people.value, type_filter: kind, ...others }, signal);
}

async function showPicks() {
  asked.abort();
  asked = new AbortController();
  grid.ariaBusy = "true";
  try {
    shown = await askPicks(asked.signal);
    present(Object.values(filters.values).some(Boolean));
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "AbortError") showProblem(/** @type {Problem} */ (error));
  }
}

/** @param {boolean} isFiltered */
function present(isFiltered) {
  const picks = shown.recommendations;
  isStale = false;
  dialog.known = lists.known = new Map(picks.map((pick) => [keyOf(pick), pick]));
  grid.show(picks);
  count.textContent = picks.length
    ? `${picks.length} ${picks.length > 1 ? "titles" : "title"} you do not own yet, the best first`
    : "";
  if (!picks.length) return notice.say(isFiltered ? "no-match" : sync.status?.status === "running" ? "not-yet" : "nothing");
  notice.clear();
  showMarks();
}

/** Say on the cards what was asked for already. */
async function showMarks() {
  const items = shown.recommendations.map(({ tmdb_id, type }) => ({ tmdb_id, type }));
  const standings = await post("check/status/batch", { user: people.value }, { items }).catch(() => ({})); // a detail
  for (const [key, standing] of Object.entries(standings)) grid.mark(key, marksOf(standing).join(", "));
}

/** Do something to the title that a button stands by. @param {string} act @param {HTMLElement} place */
function doTo(act, place) {
  const title = dialog.known.get(place.dataset.key);
  perform(act, people.value, title, { toast, take: () => takeAway(title, place), changed: () => refill(act) });
}

/** Take a title out of what is shown, and give what puts it back. @param {Api.Title} title @param {HTMLElement} place */
function takeAway(title, place) {
  dialog.close();
  const putBack = grid.take(keyOf(title));
  const list = place.closest(".rows");
  if (!list) return putBack;
  const next = place.nextElementSibling;
  place.remove();
  find(next ?? list, "a")?.focus();
  return () => (putBack(), list.insertBefore(place, next?.parentNode ? next : null));
}

/** Let the next pick come in where one has left; what came back is shown with the others. @param {string} act */
async function refill(act) {
  if (find(document, ".sheet[open]")) isStale = true;
  else if (act.startsWith("un")) showPicks();
  else if (shown.count === MOST) {
    const { recommendations } = await askPicks(asked.signal);
    const keys = grid.cards.map((/** @type {HTMLElement} */ { dataset }) => dataset.key);
    const next = recommendations.find((pick) => !keys.includes(keyOf(pick)));
    if (!next || keys.length >= MOST) return;
    dialog.known.set(keyOf(next), next);
    grid.add(next);
  }
}

/** @param {unknown} problem */
const sayProblem = (problem) => toast.say(wordsOf(problem), { alert: true });

/** What was shown stays below. @param {Problem} problem */
function showProblem(problem) {
  if (shown.recommendations.length) grid.ariaBusy = "false";
  else grid.show([]);
  notice.say(navigator.onLine ? "problem" : "offline", problem);
}

/** Open, change or close the details, as the address says. */
function showTitle() {
  const key = address.read().title;
  const title = titleOf(key);
  if (!title) return dialog.close();
  const unknown = { ...title, title: "", year: null, genres: [], vote_average: null };
  dialog.open(dialog.known.get(key) ?? unknown, shown.weights_used, people.value);
}
