/** The page of picks: whose they are, which of them, and the place in them. Its state is the address. */
import * as address from "../lib/address.js";
import { post, wordsOf } from "../lib/api.js";
import { endText, keyOf, marksOf, personText, totalText } from "../lib/format.js";
import { find, html, render } from "../lib/html.js";
import { wear } from "../lib/styles.js";
import "../parts/grid-end.js";
import "../parts/page-notice.js";
import { BILL } from "../parts/pick-grid.js";
import { ask, askPicks, askRows, first, isPlain, PAGE, remember, wanted } from "./boot.js";

const MANY = 1000; // more cards than this are no list to choose from
const MARKED = 500; // as many as the server takes at once
const CALM_MS = 2000;
const WAYS = "[data-act], [data-open], a[href*='title=']"; // what leads to something over the page

const [people, filters, sync, notice, heading, count, grid, rows, end, found] =
  "#person pick-filters sync-strip page-notice h1 #count pick-grid pick-rows grid-end search-box"
    .split(" ")
    .map((name) => find(document, name));

/** Titles that were met, by key. @type {Map<string, Api.Shown>} */
const known = new Map();
/** What came last, and how many cards there were then. @type {{picks: ?Api.Picks, cards: number}} */
let last = { picks: null, cards: 0 };
let asked = { address: "", at: 0, by: new AbortController() };
let early = /** @type {?ReturnType<typeof ask>} */ (first);
/** @type {?Promise<typeof import("./panels.js")>} */
let panels = null;

people.onchange = () => {
  remember(people.value);
  address.remember(null);
  address.replace({ user: people.value });
  start();
};
filters.addEventListener("filter-change", () => {
  address.remember(null);
  address.replace(filters.values);
  showPicks();
});
notice.addEventListener("notice-act", async () => {
  if (notice.said === "nothing") await import("../parts/sync-strip.js").then(() => sync.start());
  else if (notice.said === "no-match") address.replace(address.UNFILTERED);
  start();
});
end.addEventListener("more-wanted", showMore);
sync.addEventListener("sync-advance", () => {
  if (notice.said === "not-yet" && performance.now() - asked.at > CALM_MS) start();
});
sync.addEventListener("sync-end", again);
addEventListener("online", again);
addEventListener("pagehide", keepPlace);
addEventListener("visibilitychange", keepPlace); // a phone may end what it hides
addEventListener("popstate", () => {
  reach().then(({ showTitle }) => showTitle());
  if (address.href({ title: null }) !== asked.address) start();
});
for (const kind of ["pointerover", "pointerdown", "focusin"]) document.addEventListener(kind, foresee);
document.addEventListener("click", (event) => {
  const way = /** @type {?HTMLElement} */ (/** @type {Element} */ (event.target).closest(WAYS));
  if (!way || (way.matches("a") && (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey))) return;
  event.preventDefault();
  reach().then(({ follow }) => follow(way), showProblem);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || /** @type {Element} */ (event.target).closest("input, select, dialog")) return;
  event.preventDefault();
  find(found, "input").focus(); // what is behind it comes with the focus
});

foresee({ target: document.activeElement }); // somebody may have been here before this script
history.scrollRestoration = "manual"; // the card comes back, wherever it is by then
wear("rows");
import("../parts/pick-filters.js").then(() => filters.show(address.read()));
await start();
if (address.read().title) reach().then(({ showTitle }) => showTitle());
import("../parts/sync-strip.js");

/** Show everything anew: who there is, what can be filtered by, and the picks. */
async function start() {
  const place = address.place(); // before anything else is noted
  const signal = renew();
  const answers = early ?? ask(wanted(), signal);
  early = null;
  try {
    const [{ people: everybody, default: usual }, picks] = await Promise.all([answers.people, answers.picks]);
    showPeople(everybody, usual);
    present(picks);
    answers.filters.then(offer);
    await showRows(answers.rows);
    if (place) (await import("../lib/returning.js")).returnTo(grid, place);
  } catch (error) {
    if (isForgotten(error)) return start();
    if (!signal.aborted) showProblem(error);
  }
}

/** Offer what can be chosen, once there is where. @param {Awaited<ReturnType<typeof ask>["filters"]>} offered */
async function offer(offered) {
  await customElements.whenDefined("pick-filters");
  if (offered) filters.offer(offered);
}

/** Begin a question that takes the place of all before. */
function renew() {
  asked.by.abort();
  asked = { address: address.href({ title: null }), at: performance.now(), by: new AbortController() };
  grid.ariaBusy = "true";
  return asked.by.signal;
}

/** Show the same anew, with the same card in the same place. */
function again() {
  keepPlace();
  return start();
}

/** Show what the filters leave, from its beginning. */
async function showPicks() {
  const signal = renew();
  try {
    present(await askPicks(people.value, 0, PAGE, signal));
    if (isPlain() && rows.dataset.user !== people.value) await showRows(askRows(people.value, signal));
  } catch (error) {
    if (!signal.aborted) showProblem(error);
  }
}

/** @param {Api.Person[]} everybody @param {?string} usual who is meant where nobody is named */
function showPeople(everybody, usual) {
  const named = (/** @type {?string} */ wanted) =>
    everybody.find(({ id }) => id === wanted) ?? everybody.find(({ name }) => name.toLowerCase() === wanted?.toLowerCase());
  const person = named(wanted()) ?? named(usual) ?? everybody[everybody.length - 1];
  render(people, html`${everybody.map((each) => html`<option value="${each.id}">${personText(each)}</option>`)}`);
  people.value = found.user = person.id;
  heading.textContent = person.id === "household" ? "For everyone at home" : `For ${personText(person)}`;
  document.title = `${heading.textContent} · doublebill`;
}

/** @param {Api.Picks} picks */
function present(picks) {
  const { recommendations, total } = picks;
  known.clear();
  grid.show(meet(recommendations));
  rows.hidden = !isPlain();
  filters.show?.(address.read());
  count.textContent = totalText(total, address.read());
  showEnd(picks);
  if (!recommendations.length) return import("./empty.js").then(({ sayEmpty }) => sayEmpty(notice, grid));
  notice.clear();
  showMarks(recommendations);
}

/**
 * Rows by what was watched; while something is chosen the page is calmer without.
 * @param {ReturnType<typeof askRows> | null} answer
 */
async function showRows(answer) {
  if (!answer) return;
  const [told] = await Promise.all([answer, import("../parts/pick-rows.js"), wear("rows")]);
  const large = grid.cards.slice(0, BILL).map((/** @type {HTMLElement} */ { dataset }) => dataset.key);
  const isNew = (/** @type {Api.Pick} */ pick) => !large.includes(keyOf(pick)); // beside each other they were the same
  const shown = (told?.rows ?? []).map((row) => ({ ...row, recommendations: row.recommendations.filter(isNew) }));
  rows.show(shown);
  rows.hidden = !isPlain() || !shown.length;
  rows.dataset.user = people.value;
  meet(shown.map(({ because }) => because));
  showMarks(meet(shown.flatMap(({ recommendations }) => recommendations)));
}

/** @template {Api.Shown} T @param {T[]} titles */
function meet(titles) {
  for (const title of titles) known.set(keyOf(title), { ...known.get(keyOf(title)), ...title });
  return titles;
}

/** Say on the cards what was asked for already. @param {Api.Pick[]} picks */
async function showMarks(picks) {
  for (let from = 0; from < picks.length; from += MARKED) {
    const items = picks.slice(from, from + MARKED).map(({ tmdb_id, type }) => ({ tmdb_id, type }));
    const standings = await post("check/status/batch", { user: people.value }, { items }).catch(() => ({})); // a detail
    for (const key of items.map(keyOf)) {
      const words = standings[key] ? marksOf(standings[key]).join(", ") : "";
      if (words) for (const mark of grid.querySelectorAll(`[data-key="${key}"] .mark`)) mark.textContent = words;
    }
  }
}

/** Say how it goes on below. @param {Api.Picks} picks */
function showEnd(picks) {
  last = { picks, cards: grid.cards.length };
  if (picks.next && last.cards < MANY) end.goOn();
  else end.end(last.cards ? endText(last.cards, picks.total) : "");
}

/** Add the next page; what has left since is no longer counted by the server. */
async function showMore() {
  const { signal } = asked.by;
  const offset = Number(last.picks?.next) + grid.cards.length - last.cards;
  try {
    const picks = await askPicks(people.value, offset, PAGE, signal);
    const cards = grid.add(meet(picks.recommendations));
    showEnd(picks);
    showMarks(picks.recommendations);
    if (end.isByHand) find(cards[0] ?? grid, "a")?.focus({ preventScroll: true });
  } catch (error) {
    if (!signal.aborted) end.fail(wordsOf(error));
  }
}

/** Keep where somebody is. */
function keepPlace() {
  if (last.picks && grid.ariaBusy !== "true" && !grid.isReturning) address.remember(grid.place);
}

/** Bring what opens over the page. */
function reach() {
  panels ??= import("./panels.js").then((module) => {
    module.attend({
      known,
      keepPlace,
      again,
      showPicks,
      fill: () => last.picks?.next && end.goOn(),
      get user() {
        return people.value;
      },
      get weights() {
        return last.picks?.weights_used ?? {};
      },
    });
    return module;
  });
  panels.catch(() => (panels = null)); // the next one to reach for it tries again
  return panels;
}

/** The first that comes near to something brings it. @param {{target: ?EventTarget}} event */
function foresee({ target }) {
  if (!(target instanceof Element && target.closest(`${WAYS}, search-box`))) return;
  for (const kind of ["pointerover", "pointerdown", "focusin"]) document.removeEventListener(kind, foresee);
  reach().then((module) => module.foresee(target), () => null);
}

/** Whether who was meant is no longer there; then nobody is meant. @param {any} problem */
function isForgotten(problem) {
  if (problem.status !== 404 || !wanted()) return false;
  remember(null);
  address.replace({ user: null });
  return true;
}

/** What was shown stays below. @param {any} problem */
function showProblem(problem) {
  if (grid.cards.length) grid.ariaBusy = "false";
  else grid.show([]);
  rows.hidden ||= !rows.firstElementChild;
  if (problem.status === 422 && !isPlain()) return notice.say("no-match"); // somebody wrote it into the address
  notice.say(problem.code === "offline" ? "offline" : "problem", problem);
}
