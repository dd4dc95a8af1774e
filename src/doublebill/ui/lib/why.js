/** Why a title is recommended, or why not, and how it stands, in plain words. Pure. */
import { countText, serviceOf, sinceText } from "./format.js";

/** @type {Record<string, string>} */
const BARS = {
  owned: "You own it: it is in the library.",
  watched: "It counts as watched.",
  hidden: "You hid it for a while.",
  adult: "It is marked as adult.",
  "not released yet": "It is not released yet.",
};

/** @type {Record<string, string>} */
const BRAKES = {
  content: "it is far from what you watch",
  collaborative: "what you watched hardly leads to it",
  quality: "its rating does little for it",
  confidence: "how widely it is rated does little for it",
  penalty: "it is like a title you hid",
};

/** What is behind the components, by the formula. @type {Record<Api.Tuning["formula"], {name: string, words: string}>} */
export const FORMULAS = {
  default: { name: "Learns your habits", words: "Each title is seen beside what you usually choose." },
  classic: { name: "Plain formula", words: "Plots, lists, ratings and votes count as they are." },
};

/** What a component's share is a share of. @type {Record<string, [string, string]>} */
export const EVIDENCE = {
  collaborative: ["These lead to it", "of the links"],
  content: ["These are nearest to it", "of the closeness"],
};

/** @type {Record<string, string>} */
const PLACES = {
  available: "has it",
  downloading: "is downloading it",
  requested: "is looking for it",
  absent: "does not have it",
  unknown: "has not been read yet",
  not_configured: "is not set up",
};

/** @param {Api.Shown} title */
export const whyTitle = ({ barred_because: bars }) => (bars && !bars.length ? "Why it is here" : "Why it is not here");

/** What speaks for it, its place, and what stands against it. @param {Api.Shown} title */
export function whyLines({ rank, total, barred_because: bars, held_back_by: brakes = [], recommended_because = [] }) {
  if (!bars) return ["No sync has met this title yet, so it has no score. It can be added all the same."];
  if (bars.length) return bars.map((bar) => BARS[bar] ?? bar);
  const held = brakes.length ? `; held back as ${listText(brakes.map((brake) => BRAKES[brake] ?? brake))}` : "";
  const place = rank && total ? [`Number ${countText(rank)} of ${countText(total)}${rank > 1 ? held : ""}`] : [];
  return [...recommended_because, ...place];
}

/** "Radarr is looking for it, as read 3 minutes ago". @param {Api.Shown} title @param {number} now in milliseconds */
export function placeText({ type, standing }, now) {
  if (!standing) return "";
  const { service_status: status, service_status_from: from } = standing;
  const read = from && ["absent", "available", "downloading", "requested"].includes(status);
  const words = `${serviceOf({ type })} ${PLACES[status] ?? status}`;
  return read && now - Date.parse(from) > 300000 ? `${words}, as read ${sinceText(from, now)}` : words;
}

/** "a, b and c". @param {string[]} words */
export const listText = (words) => new Intl.ListFormat("en-GB").format(words);

const languages = new Intl.DisplayNames("en", { type: "language" });

/** "Japanese". @param {?string} [code] ISO 639-1 */
export function languageText(code) {
  const wellFormed = code && /^[a-z]{2,3}$/i.test(code);
  return (wellFormed && languages.of(code === "cn" ? "yue" : code)) || null; // TMDB's own code for Cantonese
}

/** What of a series is wanted, by Sonarr's names. @type {Record<string, string>} */
const WANTED = {
  all: "all seasons of ",
  firstSeason: "the first season of ",
  lastSeason: "the last season of ",
  none: "no season yet of ",
  pilot: "the pilot of ",
  future: "the future episodes of ",
};

/**
 * What Radarr or Sonarr would be told. @param {Api.Plan} plan @param {{type: string, title: string}} title
 */
export function planText({ exists, is_excluded, quality_profile, new_tags, body }, { type, title }) {
  const service = serviceOf({ type });
  if (exists) return `${title} is in ${service} already`;
  if (is_excluded) return `${title} is on ${service}'s exclusion list`;
  const added = /** @type {Record<string, any>} */ (body.addOptions ?? {});
  const search = Object.entries(added).some(([name, isOn]) => name.startsWith("searchFor") && isOn === true);
  const parts = [
    `${service} gets ${WANTED[added.monitor] ?? ""}${body.title ?? title}`,
    quality_profile && `in quality ${quality_profile}`,
    body.rootFolderPath && `into ${body.rootFolderPath}`,
    new_tags.length > 0 && `with the new tag ${new_tags.join(", ")}`,
    search ? "and looks for it at once" : "and waits for it to turn up",
  ];
  return parts.filter(Boolean).join(", ");
}
