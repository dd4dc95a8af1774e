/** Asks for what the page of picks shows first, while the rest of the page still comes; small, so that it is here first. */
import { isFiltered, place, read } from "../lib/address.js";
import { get } from "../lib/api.js";

const REMEMBERED = "doublebill.person";
export const PAGE = 48; // fills whole lines of 2, 3, 4, 6 and 8
const YEAR_S = 31536000;
const MOST = 100; // as many as the server gives at once
const ROWS = 3; // the page keeps room for so many

/** Whose picks are meant; null leaves it to the server. */
export const wanted = () => read().user ?? localStorage.getItem(REMEMBERED);

/** Mean somebody from now on; null is nobody. The server is told too, for the cards that come with the page. @param {?string} id */
export function remember(id) {
  if (id) localStorage.setItem(REMEMBERED, id);
  else localStorage.removeItem(REMEMBERED);
  document.cookie = `${REMEMBERED}=${encodeURIComponent(id ?? "")}; max-age=${id ? YEAR_S : 0}; samesite=lax`;
}

/** Whether the page is as it opens: nothing left out, the best first. */
export const isPlain = () => !isFiltered() && !read().sort;

/**
 * Some picks, as the address says; more than the server gives at once are asked for side by side.
 * @param {?string} user @param {number} offset @param {number} count @param {AbortSignal} [signal]
 * @returns {Promise<Api.Picks>}
 */
export async function askPicks(user, offset, count, signal) {
  const { kind, owned, title, sort, ...others } = read();
  const query = { ...others, user, sort: sort ?? "varied", type_filter: kind, include_owned: owned && "true" };
  const ask = (/** @type {number} */ from) =>
    get("recommendations/weighted", { ...query, offset: from, limit: Math.min(MOST, offset + count - from) }, signal);
  const starts = [...Array(Math.ceil(count / MOST)).keys()].map((at) => offset + at * MOST);
  const pages = await Promise.all(starts.map(ask));
  return { ...pages[pages.length - 1], recommendations: pages.flatMap((page) => page.recommendations) };
}

/** @param {?string} user @param {AbortSignal} [signal] */
export const askRows = (user, signal) => get("recommendations/rows", { user, rows: ROWS }, signal).catch(() => null);

/** All that the page begins with; it stands without rows and filters. @param {?string} user @param {AbortSignal} [signal] */
export function ask(user, signal) {
  const asked = {
    people: get("people", {}, signal),
    picks: askPicks(user, 0, Math.max(place()?.count ?? 0, PAGE), signal),
    filters: get("filters", {}, signal).catch(() => null),
    rows: isPlain() ? askRows(user, signal) : null,
  };
  for (const answer of [asked.people, asked.picks]) answer.catch(() => null); // whoever awaits them hears of it
  return asked;
}

export const first = ask(wanted());
