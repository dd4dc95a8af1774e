/**
 * What opens over the page of picks, and what is done to titles: it comes when somebody reaches for it. The parts come
 * one by one, as a pointer or the focus comes near to what leads to them.
 */
import { perform } from "../lib/acts.js";
import * as address from "../lib/address.js";
import { post, Problem, wordsOf } from "../lib/api.js";
import { keyOf } from "../lib/format.js";
import { take } from "../lib/glide.js";
import { find } from "../lib/html.js";
import { titleOf } from "../lib/keys.js";
import { returnTo } from "../lib/returning.js";
import { wear } from "../lib/styles.js";
import "../parts/toast-bar.js";

/**
 * What panels know of the page below them.
 * @typedef {object} Page
 * @property {Map<string, Api.Shown>} known titles that were met, by key
 * @property {string} user
 * @property {Api.Weights | {}} weights
 * @property {() => void} keepPlace
 * @property {() => unknown} again show the same anew, with the same card in the same place
 * @property {() => unknown} showPicks show them from their beginning
 * @property {() => void} fill there may be room for more
 */

const CALM_MS = 200;
const REPEAT_MS = 600;

const PARTS = {
  title: () => import("../parts/pick-dialog.js"),
  search: () => import("../parts/search-box.js"),
  tuner: () => import("../parts/tuner-panel.js"),
  lists: () => import("../parts/title-lists.js"),
  sync: () => import("../parts/sync-strip.js"),
};

/** What leads to each. @type {[string, keyof typeof PARTS][]} */
const WAYS = [
  ["a[href*='title=']", "title"],
  ["search-box", "search"],
  ["[data-open=tuner]", "tuner"],
  ["[data-open=history], [data-open=hidden]", "lists"],
];

/** What is beside a card, and the card of a neighbour that is nearest. @type {Record<string, string[]>} */
const BESIDE = { ArrowLeft: ["previousElementSibling", "lastElementChild"], ArrowRight: ["nextElementSibling", "firstElementChild"] };

const [dialog, found, tuner, lists, grid, rows, sync, toast, notice] =
  "pick-dialog search-box tuner-panel title-lists pick-grid pick-rows sync-strip toast-bar page-notice"
    .split(" ")
    .map((name) => find(document, name));

/** @type {Page} */
let page;
let isStale = false; // something was undone in a list over the page
let lastDone = { act: "", at: 0 };
let calm = 0;
let width = innerWidth;

/** Begin to serve a page. @param {Page} below */
export function attend(below) {
  page = below;
  wear("sheets"); // the toast's too
  keepPlaceSoon();
  for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, ({ target }) => foresee(target));
  document.addEventListener("keydown", step);
  addEventListener("scroll", keepPlaceSoon, { passive: true });
  addEventListener("resize", stay);
  document.addEventListener("title-act", (event) => hear(/** @type {CustomEvent} */ (event).detail));
  lists.addEventListener("lists-close", () => {
    if (isStale) page.again();
    isStale = false;
  });
  tuner.addEventListener("tuner-save", offerOldWeights);
  found.addEventListener("title-choose", (/** @type {CustomEvent<Api.Title>} */ { detail }) => {
    page.known.set(keyOf(detail), { ...detail, ...page.known.get(keyOf(detail)) });
    enter(keyOf(detail));
  });
}

/** Bring what somebody comes near to. @param {?EventTarget} target */
export function foresee(target) {
  const [, part] = WAYS.find(([way]) => target instanceof Element && target.closest(way)) ?? [];
  if (part) prepare(part).catch(() => null); // it is asked for again when it is needed
}

function keepPlaceSoon() {
  clearTimeout(calm);
  calm = setTimeout(() => {
    calm = 0;
    page.keepPlace();
  }, CALM_MS);
}

/** Other columns are other heights: the card that was seen is where it was. A phone changes its height alone as one scrolls. */
function stay() {
  const place = address.place();
  if (place && !calm && innerWidth !== width) returnTo(grid, place);
  width = innerWidth;
}

/** Go from card to card. @param {KeyboardEvent} event */
function step({ target, key, altKey }) {
  const [side, edge] = BESIDE[key] ?? [];
  const card = /** @type {any} */ (target instanceof Element && target.closest(".card"));
  if (side && card && !altKey) (card[side] ?? card.parentElement[side]?.[edge])?.querySelector("a")?.focus();
}

/** Go where a link or a button leads. @param {HTMLElement} way */
export async function follow(way) {
  const { act, open } = way.dataset;
  if (act) doTo(act, /** @type {HTMLElement} */ (way.closest("[data-key]")));
  else if (open) await openPanel(open).catch(sayLost);
  else enter(new URL(/** @type {HTMLAnchorElement} */ (way).href).searchParams.get("title"));
}

/** Open, change or close the details, as the address says. */
export async function showTitle() {
  const key = address.read().title ?? "";
  const title = titleOf(key);
  if (!title) return dialog.close?.();
  await prepare("title");
  if (address.read().title !== key) return;
  const unknown = { ...title, title: "", year: null, genres: [], vote_average: null };
  dialog.open(page.known.get(key) ?? unknown, page.weights, page.user);
}

/** Bring a part, and tell it what it needs of the page. @param {keyof typeof PARTS} part */
async function prepare(part) {
  await PARTS[part]();
  found.user = page.user;
  dialog.known = lists.known = page.known;
}

/** @param {?string} key */
function enter(key) {
  if (address.read().title === key) return; // a double click
  page.keepPlace();
  address.enter(key);
  showTitle().catch((problem) => {
    address.leave();
    sayLost(problem);
  });
}

/** A part of the page did not come, or what it shows. @param {any} problem */
function sayLost(problem) {
  const words = problem instanceof Problem ? wordsOf(problem) : "A part of the page did not arrive. Try again in a moment";
  toast.say(words, { alert: true });
}

/** @param {string} name */
async function openPanel(name) {
  find(document, "#menu").hidePopover(); // first, so that the focus has somewhere to come back to
  if (name === "tuner") await prepare("tuner").then(() => tuner.open(page.user));
  else if (name === "sync") await PARTS.sync().then(() => find(sync, ".sync-words").click());
  else await prepare("lists").then(() => lists.open(name, page.user));
}

async function offerOldWeights() {
  const [user, before] = [page.user, tuner.saved];
  page.showPicks();
  if (!(await toast.say("The new weights count", { act: "Undo" }))) return;
  post("settings/tuner", { user }, before).then(page.showPicks, (problem) => toast.say(wordsOf(problem), { alert: true }));
}

/** The server knows of an act. @param {{name: string, key: string}} act */
function hear({ name, key }) {
  if (find(document, ".sheet[open]")) isStale = true;
  else if (["unwatch", "unhide"].includes(name) && (!find(grid, `[data-key="${key}"]`) || notice.said)) page.again();
  else if (isLast(name, key)) page.again();
  else page.fill();
}

/** Whether a title leaves the page empty, which then has to say what next. @param {string} name @param {string} key */
const isLast = (name, key) =>
  ["watch", "hide"].includes(name) && grid.cards.every((/** @type {HTMLElement} */ { dataset }) => dataset.key === key);

/** Do something to the title that a button stands by. @param {string} act @param {HTMLElement} place */
function doTo(act, place) {
  const key = place.dataset.key ?? "";
  if (isRepeated(`${act} ${key}`)) return;
  const title = page.known.get(key);
  const changed = () => {}; // the page hears of it as of every act, by `title-act`
  if (title) perform(act, page.user, title, { toast, changed, take: () => takeAway(key, place), mark: (words) => mark(key, words) });
}

/** Whether this is the second press of a double click, or a key held down. @param {string} act */
function isRepeated(act) {
  const isSoon = act === lastDone.act && performance.now() - lastDone.at < REPEAT_MS;
  lastDone = { act, at: performance.now() };
  return isSoon;
}

/** Take a title out of what is shown, and give what puts it back. @param {string} key @param {HTMLElement} place */
function takeAway(key, place) {
  const list = place.closest(".rows");
  const back = [take(grid, key), rows.take?.(key), list && takeRow(place, list)];
  return () => back.forEach((put) => put?.());
}

/** @param {HTMLElement} row @param {Element} list */
function takeRow(row, list) {
  const next = row.nextElementSibling;
  row.remove();
  find(next ?? list, "a")?.focus();
  return () => list.insertBefore(row, next?.parentNode ? next : null);
}

/** Say on its cards how a title stands, and give what unsays it. @param {string} key @param {string} words */
function mark(key, words) {
  const marks = [...grid.querySelectorAll(`[data-key="${key}"] .mark`)].map((mark) => ({ mark, was: mark.textContent }));
  for (const each of marks) each.mark.textContent = words;
  const link = marks.map(({ mark }) => mark.closest(".card:focus-within")?.querySelector("a")).find(Boolean);
  link?.focus({ preventScroll: true }); // the button that was pressed goes
  return () => marks.forEach(({ mark, was }) => (mark.textContent = was));
}
