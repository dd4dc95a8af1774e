/**
 * What the page shows is in its address, so that it can be shared:
 * ?user=&kind=&genre=&min_score=&year_from=&year_to=&language=&owned=&sort=&title=movie:603.
 * Where in it somebody is belongs to the step of the history, and comes back with it.
 */

/** @typedef {{key: string, at: number, top: number, count: number}} Place a card, and how many there were */

export const FILTERS = ["kind", "genre", "min_score", "year_from", "year_to", "language", "owned"];
const NAMES = ["user", ...FILTERS, "sort", "title"];

/** @returns {Record<string, ?string>} */
export function read() {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) || null]));
}

/** What takes all filters away, and the order. @type {Record<string, null>} */
export const UNFILTERED = Object.fromEntries([...FILTERS, "sort"].map((name) => [name, null]));

/** Whether some titles are left out. */
export const isFiltered = () => FILTERS.some((name) => read()[name]);

/** The address with some things changed; null takes one away. @param {Record<string, ?string>} changes */
export function href(changes) {
  const shown = Object.entries({ ...read(), ...changes }).filter(([, value]) => value);
  return `?${new URLSearchParams(/** @type {string[][]} */ (shown))}`.replaceAll("%3A", ":");
}

/** Change the address in place. @param {Record<string, ?string>} changes */
export const replace = (changes) => history.replaceState(history.state, "", href(changes));

/** Go to a title, one step deeper than here. @param {?string} title */
export const enter = (title) => history.pushState({ ...history.state, depth: depth() + 1 }, "", href({ title }));

/** Leave the title: back, or in place where the page was opened with it. */
export function leave() {
  if (!read().title) return;
  if (depth()) history.go(-depth());
  else replace({ title: null });
}

/** @returns {?Place} */
export const place = () => JSON.parse(sessionStorage.getItem(step()) ?? "null");

/** @param {?Place} place null at the top of the page */
export const remember = (place) => sessionStorage.setItem(step(), JSON.stringify(place));

/** The name of this step of the history, and of the titles entered from it. Places are not kept in its state: what a
 * page that is left puts there may come too late. */
function step() {
  if (!history.state?.step) history.replaceState({ ...history.state, step: Date.now() }, "");
  return `doublebill.place.${history.state.step}`;
}

/** How many titles were entered, one from another. */
const depth = () => history.state?.depth ?? 0;
