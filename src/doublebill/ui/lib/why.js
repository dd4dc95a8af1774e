/** Why a title is recommended, or why not, in plain words. Pure. */
import { countText } from "./format.js";

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
  collaborative: "few of the titles you watched lead to it",
  quality: "it is not rated highly",
  confidence: "few people have rated it",
  penalty: "it is like a title you hid",
};

/** @param {Api.Shown} title */
export const whyTitle = ({ barred_because: bars }) => (bars && !bars.length ? "Why it is here" : "Why it is not here");

/** What speaks for it, its place, and what stands against it. @param {Api.Shown} title */
export function whyLines({ rank, total, barred_because: bars, held_back_by: brakes = [], recommended_because = [] }) {
  if (!bars) return ["No sync has met this title yet, so it has no score. It can be added all the same."];
  if (bars.length) return bars.map((bar) => BARS[bar] ?? bar);
  const held = brakes.length ? `; held back as ${brakes.map((brake) => BRAKES[brake] ?? brake).join(" and ")}` : "";
  const place = rank && total ? [`Number ${countText(rank)} of ${countText(total)}${rank > 1 ? held : ""}`] : [];
  return [...recommended_because, ...place];
}
