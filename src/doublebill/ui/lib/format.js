/** How values are shown. Pure: no page, no clock, no network. */
const whole = new Intl.NumberFormat("en");
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });

/** A title's name in addresses: "movie:603". @param {Api.Key} title */
export const keyOf = ({ type, tmdb_id }) => `${type}:${tmdb_id}`;

/** Its path below the server's root: "movie/603". @param {Api.Key} title */
export const pathOf = ({ type, tmdb_id }) => `${type}/${tmdb_id}`;

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

/** "22 March 2027". @param {string} moment ISO 8601 */
export const dayText = (moment) => day.format(new Date(moment));

/** "1 h 56 min". @param {number} minutes */
export const lengthText = (minutes) =>
  [minutes >= 60 && `${Math.floor(minutes / 60)} h`, minutes % 60 && `${minutes % 60} min`].filter(Boolean).join(" ");

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

/**
 * Take a score apart into points of 100 with one digit that add up: the parts minus the penalty are the total.
 * Unknown components add nothing and the other weights are rescaled, as the server does.
 * @param {Api.Scores} scores
 * @param {Api.Weights} weights
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

/** Numbers as percents that add up to 100; all 0 where nothing counts. @param {number[]} numbers */
export function percents(numbers) {
  const sum = numbers.reduce((a, b) => a + b, 0);
  return sum ? shareOut(numbers.map((number) => (100 * number) / sum), 100) : numbers;
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
