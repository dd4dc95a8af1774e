/** Where typed words stand in a text, and through what a title was found. Pure. */

const AROUND = 90; // letters of a plot that are shown from the found word on

/** Letters without their accents; a text keeps its length. @param {string} text */
const plain = (text) => text.replace(/[\u00c0-\u024f]/g, (letter) => letter.normalize("NFD")[0]);

/** The beginnings of words that were typed; null where none were. @param {string} words */
function patternOf(words) {
  const parts = plain(words).match(/[\p{L}\p{N}]+/gu);
  return parts && new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join("|")})`, "giu");
}

/** Where a text has the first of the words, -1 where it has none. @param {string} text @param {string} words */
function placeOf(text, words) {
  const pattern = patternOf(words);
  return pattern ? plain(text).search(pattern) : -1;
}

/** A text cut so that every second piece is a typed word. @param {string} text @param {string} words @returns {string[]} */
export function pieces(text, words) {
  const pattern = patternOf(words);
  const cuts = [...(pattern ? plain(text).matchAll(pattern) : [])].flatMap(({ index, 0: { length } }) => [
    index,
    index + length,
  ]);
  return [0, ...cuts].map((from, at, all) => text.slice(from, all[at + 1]));
}

/**
 * Through what a title was found, where its name does not show it.
 * @param {Api.Found} title @param {string} words
 * @returns {?{label: string, text?: string, isName?: boolean}}
 */
export function viaOf({ title, overview, genres, is_fuzzy: isFuzzy, matched_via: matched }, words) {
  const [role, name] = matched?.split(/:(.*)/) ?? [];
  if (name) return { label: role === "director" ? "Directed by" : "With", text: name, isName: true };
  if (isFuzzy) return { label: "A name like what you typed" };
  if (matched === "meaning") return { label: "Close to what you describe" };
  if (matched === "title" || !words.trim() || placeOf(title, words) >= 0) return null;
  const genre = genres.find((each) => placeOf(each, words) >= 0);
  if (genre) return { label: "Genre:", text: genre };
  const at = placeOf(overview ?? "", words);
  return overview && at >= 0 ? { label: "Plot:", text: around(overview, at) } : { label: "By its people or keywords" };
}

/** @param {string} text @param {number} at */
function around(text, at) {
  const from = at < 30 ? 0 : text.indexOf(" ", at - 30) + 1;
  const to = at + AROUND < text.length ? text.lastIndexOf(" ", at + AROUND) : text.length;
  return `${from ? "… " : ""}${text.slice(from, to)}${to < text.length ? " …" : ""}`;
}
