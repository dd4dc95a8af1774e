/** How values are shown. Pure: no page, no clock, no network. */
const whole = new Intl.NumberFormat("en");
const languages = new Intl.DisplayNames("en", { type: "language" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** A title's name in addresses: "movie:603". @param {Api.Key} title */
export const keyOf = ({ type, tmdb_id }) => `${type}:${tmdb_id}`;

/** "Film · 1999". @param {{type: string, year: ?string}} title */
export const factsText = ({ type, year }) => [type === "tv" ? "Series" : "Film", year].filter(Boolean).join(" · ");

/** A score of 0..1 as points of 100. @param {number} score */
export const pointsText = (score) => String(Math.round(score * 100));

/** @param {number} count */
export const countText = (count) => whole.format(count);

/** @type {Record<string, (value: string) => string>} */
const FILTERS = {
  kind: (kind) => (kind === "tv" ? "Series" : "Films"),
  min_score: (score) => `Score from ${pointsText(Number(score))}`,
  year_from: (year) => `From ${year}`,
  year_to: (year) => `Until ${year}`,
  language: (code) => (/^[a-z]{2,3}$/.test(code) && languages.of(code)) || code,
  owned: () => "With what you own",
};

/** What a filter leaves. @param {string} name as in the address @param {string} value */
export const filterText = (name, value) => FILTERS[name]?.(value) ?? value;

/** @type {Record<string, string>} */
const ORDERS = { quality: "the best rated", collaborative: "the most recommended", newest: "the newest" };

/** "206 titles you do not own yet, the best first". @param {number} total @param {Record<string, ?string>} chosen */
export function totalText(total, { owned, sort }) {
  const which = owned ? "have not seen" : "do not own yet";
  return total ? `${titlesText(total)} you ${which}, ${ORDERS[sort ?? ""] ?? "the best"} first` : "";
}

/** What stands below the last card. @param {number} shown @param {number} total */
export const endText = (shown, total) =>
  shown < total
    ? `These are the first ${countText(shown)} of ${titlesText(total)}. Filters find the others.`
    : `${titlesText(shown)}, and that is all.`;

const titlesText = (/** @type {number} */ count) => `${countText(count)} ${count === 1 ? "title" : "titles"}`;

/** @param {?number} rating */
export const ratingText = (rating) => rating?.toFixed(1) ?? "Not rated";

/** @param {Api.Person} person */
export const personText = ({ id, name }) => (id === "household" ? "Everyone" : name);

/** "3 minutes ago", "in 2 hours". @param {string} moment ISO 8601 @param {number} now in milliseconds */
export function sinceText(moment, now) {
  const minutes = (Date.parse(moment) - now) / 60000;
  const size = Math.abs(minutes);
  if (size < 60) return relative.format(Math.round(minutes), "minute");
  if (size < 1440) return relative.format(Math.round(minutes / 60), "hour");
  return relative.format(Math.round(minutes / 1440), "day");
}

/** "Radarr" or "Sonarr", which get films and series. @param {{type: string}} title */
export const serviceOf = ({ type }) => (type === "tv" ? "Sonarr" : "Radarr");

/** What there is to say of where a title stands. @param {Partial<Api.Standing> & {is_hidden?: boolean}} standing */
export const marksOf = ({ in_library, is_watched, is_hidden, is_requested, service_status }) =>
  [
    in_library && "Owned",
    is_watched && "Watched",
    is_hidden && "Hidden",
    is_requested && (service_status === "downloading" ? "Downloading" : "Requested"),
  ].filter((mark) => typeof mark === "string");

/** "20 s left", "3 min left". @param {number} seconds */
export const leftText = (seconds) =>
  seconds < 90 ? `${Math.ceil(seconds)} s left` : `${Math.round(seconds / 60)} min left`;
