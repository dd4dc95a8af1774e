/** How values are shown. Pure: no page, no clock, no network. */
/** @import {Key, Person, Scores, Weights} from "../api.d.ts" */

const whole = new Intl.NumberFormat("en");
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** A title's name in addresses: "movie:603". @param {Key} title */
export const keyOf = ({ type, tmdb_id }) => `${type}:${tmdb_id}`;

/** The title that such a name means, null if it is none. @param {?string} key */
export function titleOf(key) {
  const found = /^(movie|tv):([1-9]\d{0,9})$/.exec(key ?? "");
  return found && { type: found[1], tmdb_id: Number(found[2]) };
}

/** "Film · 1999". @param {{type: string, year: ?string}} title */
export const factsText = ({ type, year }) => [type === "tv" ? "Series" : "Film", year].filter(Boolean).join(" · ");

/** A score of 0..1 as points of 100. @param {number} score */
export const pointsText = (score) => String(Math.round(score * 100));

/** @param {number} count */
export const countText = (count) => whole.format(count);

/** @param {?number} rating */
export const ratingText = (rating) => rating?.toFixed(1) ?? "Not rated";

/** @param {Person} person */
export const personText = ({ id, name }) => (id === "household" ? "Everyone" : name);

/** "3 minutes ago", "in 2 hours". @param {string} moment ISO 8601 @param {number} now in milliseconds */
export function sinceText(moment, now) {
  const minutes = (Date.parse(moment) - now) / 60000;
  const size = Math.abs(minutes);
  if (size < 60) return relative.format(Math.round(minutes), "minute");
  if (size < 1440) return relative.format(Math.round(minutes / 60), "hour");
  return relative.format(Math.round(minutes / 1440), "day");
}

/** "20 s left", "3 min left". @param {number} seconds */
export const leftText = (seconds) =>
  seconds < 90 ? `${Math.ceil(seconds)} s left` : `${Math.round(seconds / 60)} min left`;

/**
 * Take a score apart into points of 100 with one digit that add up: the parts minus the penalty are the total.
 *
 * Unknown components add nothing and the other weights are rescaled, as the server does. Tenths left over by rounding
 * go to the parts that lost most by it.
 * @param {Scores} scores
 * @param {Weights} weights
 */
export function takeApart({ content, collaborative, quality, confidence, hybrid, penalty }, weights) {
  const named = [
    { name: "content", value: content, weight: weights.content },
    { name: "collaborative", value: collaborative, weight: weights.collab },
    { name: "quality", value: quality, weight: weights.quality },
    { name: "confidence", value: confidence, weight: weights.confidence },
  ];
  const known = named.reduce((sum, { value, weight }) => sum + (value === null ? 0 : weight), 0) || 1;
  const [total, less] = [Math.round(hybrid * 1000), Math.round(penalty * 1000)];
  const tenths = shareOut(
    named.map(({ value, weight }) => (1000 * (value ?? 0) * weight) / known),
    total + less,
  );
  const parts = named.map(({ name, value, weight }, at) => ({
    name,
    value,
    share: weight / known,
    points: tenths[at] / 10,
  }));
  return { parts, penalty: less / 10, total: total / 10 };
}

/** Round numbers to integers of a given sum, by the largest remainder. @param {number[]} exact @param {number} sum */
function shareOut(exact, sum) {
  const rounded = exact.map(Math.floor);
  const lost = (/** @type {number} */ at) => exact[at] - rounded[at];
  const left = sum - rounded.reduce((a, b) => a + b, 0);
  const byLoss = [...exact.keys()].sort((a, b) => lost(b) - lost(a));
  for (const at of byLoss.slice(0, Math.max(0, left))) rounded[at] += 1;
  return rounded;
}
