/**
 * A poster for every title, drawn: no picture is fetched. The genre gives colour and motifs, the title's key chooses
 * among them, so that a title always looks the same. Pure.
 */
import { html } from "./html.js";
import { MOTIFS } from "./motifs.js";

/** Hue in degrees of OKLCH, and motifs. @type {Record<string, string>} */
const LOOKS = {
  Action: "32 rays blinds peaks",
  Adventure: "150 peaks sun rays",
  Animation: "320 dots tiles rays",
  Comedy: "80 dots sun tiles",
  Crime: "15 blinds rings doors",
  Documentary: "205 rings peaks dots",
  Drama: "255 arches sun doors",
  Family: "55 dots sun tiles",
  Fantasy: "300 moon arches peaks",
  History: "68 arches doors sun",
  Horror: "8 eye rings doors",
  Kids: "95 dots tiles sun",
  Music: "340 rings rays tiles",
  Mystery: "280 doors eye moon",
  Romance: "2 pair sun moon",
  "Sci-Fi & Fantasy": "235 orbits moon arches",
  "Science Fiction": "225 orbits rings moon",
  Thriller: "185 rings blinds doors",
  War: "110 blinds rays peaks",
  Western: "48 peaks sun",
};
const BROAD = ["Drama", "Comedy"]; // most titles are; the others tell more
const TONES = ["night", "night", "night", "dusk", "dusk", "paper"];
/** A letter's usual width in each voice, of its size. @type {Record<string, number>} */
const WIDTHS = { serif: 0.53, sans: 0.66, narrow: 0.6 };

/** @param {string} key @param {string[]} genres */
export function drawPoster(key, genres) {
  const chance = chanceOf(key);
  const choose = (/** @type {string[]} */ from) => from[Math.floor(chance() * from.length)];
  const known = genres.filter((genre) => genre in LOOKS);
  const [base, ...motifs] = LOOKS[known.find((genre) => !BROAD.includes(genre)) ?? known[0] ?? "Drama"].split(" ");
  const hue = Math.round(Number(base) + (chance() - 0.5) * 36);
  const away = Math.round(hue + 40 + chance() * 180);
  const motif = MOTIFS[choose(motifs)](chance);
  const picture = html`<svg viewBox="0 0 200 300" preserveAspectRatio="xMidYMin slice">${motif}</svg>`;
  return { hue, away, tone: choose(TONES), voice: choose(Object.keys(WIDTHS)), picture };
}

/**
 * The size to set a title in, in hundredths of the poster's width: its longest word fits, and all of it in few lines.
 * @param {string} title
 * @param {string} voice
 */
export function sizeOf(title, voice) {
  const longest = Math.max(...title.split(/[\s-]+/).map((word) => word.length), 1);
  return Math.min(19, 84 / (WIDTHS[voice] * longest), Math.sqrt(2600 / (WIDTHS[voice] * title.length)));
}

/** Numbers in 0..1 that follow from a text: FNV-1a, then mulberry32. @param {string} seed */
function chanceOf(seed) {
  let state = 2166136261;
  for (const letter of seed) state = Math.imul(state ^ letter.charCodeAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
