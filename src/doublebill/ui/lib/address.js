/** What the page shows is in its address, so that it can be shared: ?user=&kind=&genre=&min_score=&title=movie:603. */

const NAMES = ["user", "kind", "genre", "min_score", "title"];

/** @returns {Record<string, ?string>} */
export function read() {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) || null]));
}

/** The address with some things changed; null takes one away. @param {Record<string, ?string>} changes */
export function href(changes) {
  const shown = Object.entries({ ...read(), ...changes }).filter(([, value]) => value);
  return `?${new URLSearchParams(/** @type {string[][]} */ (shown))}`.replaceAll("%3A", ":");
}

/** Change the address in place. @param {Record<string, ?string>} changes */
export const replace = (changes) => history.replaceState(history.state, "", href(changes));

/** Go to a title, one step deeper than here. @param {?string} title */
export const enter = (title) => history.pushState({ depth: depth() + 1 }, "", href({ title }));

/** Leave the title: back, or in place where the page was opened with it. */
export function leave() {
  if (!read().title) return;
  if (depth()) history.go(-depth());
  else replace({ title: null });
}

/** How many titles were entered, one from another. */
const depth = () => history.state?.depth ?? 0;
