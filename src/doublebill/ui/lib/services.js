/** The four services in words, and what people type about them. Pure. */

/** @type {Record<string, string>} */
export const NAMES = { tmdb: "TMDB", jellyfin: "Jellyfin", radarr: "Radarr", sonarr: "Sonarr" };

const together = new Intl.ListFormat("en");

/**
 * The address that was meant: with http:// where nothing else is said, and without what a browser shows behind it, such
 * as Jellyfin's /web/#/home.
 * @param {string} typed
 */
export function addressOf(typed) {
  const text = typed.trim();
  const whole = text.includes("://") || !text ? text : `http:${"/".repeat(2)}${text}`;
  return whole.replace(/[?#].*$/, "").replace(/\/web(\/index\.html)?\/*$/, "").replace(/\/+$/, "");
}

/** Which services are still to be connected before anything can start. @param {Api.Connection[]} services */
export const missingOf = (services) =>
  services.filter(({ is_required, has_key, url, name }) => is_required && !(has_key && (url || name === "tmdb")));

/** "TMDB and Jellyfin are still to be connected". @param {Api.Connection[]} missing */
export function missingText(missing) {
  const names = missing.map(({ name }) => NAMES[name]);
  return `${together.format(names)} ${names.length > 1 ? "are" : "is"} still to be connected`;
}

/**
 * What a form says of a service, to be sent: only what was given. A stored key goes to the stored address alone.
 * @param {{url?: string, key?: string}} typed
 */
export function connectionOf({ url, key }) {
  return { ...(url && { url: addressOf(url) }), ...(key?.trim() && { key: key.trim() }) };
}

/** "2.0 TB free". @param {?number} bytes */
export const freeText = (bytes) => (bytes === null ? "" : `${sizeText(bytes)} free`);

/** "4.2 MB". @param {number} bytes */
export function sizeText(bytes) {
  const at = Math.min(4, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const number = bytes / 1000 ** at;
  return `${at && number < 10 ? number.toFixed(1) : Math.round(number)} ${["B", "kB", "MB", "GB", "TB"][at]}`;
}

/** "2 min 5 s". @param {string} from ISO 8601 @param {string} to */
export function lastedText(from, to) {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return [minutes && `${minutes} min`, (rest || !minutes) && `${rest} s`].filter(Boolean).join(" ");
}
