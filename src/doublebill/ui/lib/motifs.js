/**
 * The pictures of drawn posters, on a field of 200 by 300 whose lower third belongs to the title. The looks a, b and c
 * are the poster's colours from near its ground to bright, g is the ground itself, l is a line. What has one look is one
 * element, as far as it goes: a browser that shows many posters styles and lays out each element of them.
 */
import { html } from "./html.js";

/** @typedef {() => number} Chance a number in 0..1 at each call */

const TURN = 2 * Math.PI;
/** @type {(count: number, draw: (at: number) => any) => any[]} */
const times = (count, draw) => [...Array(count).keys()].map(draw);
const round = (/** @type {number} */ x) => Math.round(x * 10) / 10;
/** @type {(chance: Chance, low: number, high: number) => number} */
const between = (chance, low, high) => low + chance() * (high - low);

/** @typedef {(...numbers: number[]) => string} Outline data of an SVG path; all turn the same way */
/** @type {Outline} */
const disc = (x, y, r) => {
  const half = `a${round(r)} ${round(r)} 0 0 1 `;
  return `M${[x - r, y].map(round)}${half}${round(2 * r)} 0${half}${round(-2 * r)} 0z`;
};
/** @type {Outline} */
const box = (x, y, w, h) => shape(x, y, x + w, y, x + w, y + h, x, y + h);
/** @type {Outline} */
const shape = (...points) => `M${points.map(round)}z`;

/** @type {(look: string, ...outlines: string[]) => unknown} */
const draw = (look, ...outlines) => html`<path class="${look}" d="${outlines.join("")}"/>`;
/** Looks and outlines of what does not overlap. @param {string[][]} all */
const drawApart = (all) => [..."abc"].map((look) => draw(look, ...all.flatMap(([its, outline]) => (its === look ? outline : []))));

/** @type {Record<string, (chance: Chance) => unknown>} */
export const MOTIFS = {
  orbits(chance) {
    const [x, y, step] = [between(chance, 60, 140), between(chance, 85, 125), between(chance, 19, 26)];
    const angle = chance() * TURN;
    const moon = disc(x + 2.2 * step * Math.cos(angle), y + 2.2 * step * Math.sin(angle), step * 0.34);
    return [draw("l", ...times(7, (at) => disc(x, y, step * (at + 1.2)))), draw("c", disc(x, y, step * 0.9)), draw("b", moon)];
  },

  sun(chance) {
    const [x, y, r] = [between(chance, 75, 125), between(chance, 105, 130), between(chance, 62, 82)];
    const bands = times(6, (at) => box(0, y + 4 + at * r * 0.18, 200, 1.5 + at * 2.1));
    return [draw("a", disc(x, y, r * 1.5)), draw("c", disc(x, y, r)), draw("g", ...bands)];
  },

  rays(chance) {
    const [x, y, count] = [between(chance, 40, 160), between(chance, 70, 150), Math.round(between(chance, 9, 15))];
    const wedges = times(count, (at) => {
      const ends = [at, at + 0.5].map((each) => (each * TURN) / count);
      const points = ends.flatMap((end) => [400 * Math.cos(end) + x, 400 * Math.sin(end) + y]);
      return [at % 3 ? "a" : "b", shape(x, y, ...points)];
    });
    return [drawApart(wedges), draw("c", disc(x, y, between(chance, 20, 38)))];
  },

  peaks(chance) {
    const moon = draw("c", disc(between(chance, 50, 150), between(chance, 60, 95), between(chance, 20, 36)));
    const ridges = times(3, (row) => {
      const top = times(6, (at) => [at * 40, 170 + row * 35 - (at % 2 ? 62 : 15) * (0.5 + chance())]);
      return draw("bag"[row], shape(0, 300, ...top.flat(), 200, 300));
    });
    return [moon, ridges];
  },

  arches(chance) {
    const x = round(between(chance, 80, 120));
    return ["a", "b", "a", "c", "g"].map((look, at) => {
      const r = 104 - at * 21;
      return draw(look, `M${x - r} 300V140a${r} ${r} 0 0 1 ${2 * r} 0V300Z`);
    });
  },

  blinds(chance) {
    const [turn, lit] = [round(between(chance, -28, 28)), Math.floor(between(chance, 2, 6))];
    const bars = times(9, (at) => [at === lit ? "c" : at % 2 ? "a" : "b", box(-80, at * 36 - 60, 360, 10 + at * 2)]);
    return html`<g transform="rotate(${turn} 100 150)">${drawApart(bars)}</g>`;
  },

  dots(chance) {
    const [x, y, lit] = [between(chance, 40, 160), between(chance, 40, 150), Math.floor(chance() * 40)];
    const dots = times(63, (at) => {
      const [px, py] = [14 + (at % 7) * 28.6, 14 + Math.floor(at / 7) * 28.6];
      const r = Math.max(2, 15 - Math.hypot(px - x, py - y) / 13);
      return at === lit ? ["c", disc(px, py, 12)] : [at % 2 ? "b" : "a", disc(px, py, r)];
    });
    return drawApart(dots);
  },

  tiles(chance) {
    const tiles = times(20, (at) => {
      const [x, y, turn] = [(at % 4) * 50 + 25, Math.floor(at / 4) * 50 + 25, Math.floor(chance() * 4)];
      const [dx, dy] = [[25, 0], [0, 25], [-25, 0], [0, -25]][turn];
      const quarter = `M${x - dx + dy} ${y - dy - dx}l${2 * dx} ${2 * dy}a50 50 0 0 1 ${-2 * (dx + dy)} ${2 * (dx - dy)}z`;
      return ["abababc"[Math.floor(chance() * 7)], quarter];
    });
    return drawApart(tiles);
  },

  rings(chance) {
    const [x, y, lean] = [between(chance, 80, 120), between(chance, 100, 130), chance() * TURN];
    const [dx, dy] = [5 * Math.cos(lean), 5 * Math.sin(lean)];
    return times(8, (at) => draw("babababc"[at], disc(x + at * dx, y + at * dy, 132 - at * 17)));
  },

  eye(chance) {
    const [x, y] = [between(chance, 84, 116), round(between(chance, 100, 130))];
    const lenses = [190, 150, 112].map((h, at) => draw("agb"[at], `M4 ${y}Q100 ${y - h} 196 ${y}Q100 ${y + h} 4 ${y}Z`));
    return [lenses, draw("c", disc(x, y, 37)), draw("g", disc(x, y, 17))];
  },

  moon(chance) {
    const [x, y, r] = [between(chance, 70, 130), between(chance, 85, 115), between(chance, 38, 56)];
    const stars = times(22, () => disc(chance() * 200, chance() * 200, 0.7 + chance() * 1.3));
    const [whole, taken, hill] = [disc(x, y, r), disc(x + r * 0.42, y - r * 0.2, r * 0.88), disc(40 + chance() * 120, 420, 215)];
    return [draw("b", ...stars), draw("c", whole), draw("g", taken), draw("a", hill)];
  },

  pair(chance) {
    const [r, gap, lean] = [between(chance, 50, 62), between(chance, 26, 38), between(chance, -22, 22)];
    const [left, right] = [disc(100 - gap, 120 + lean, r), disc(100 + gap, 120 - lean, r)];
    return [draw("a", disc(100, 120, 96)), draw("b", left), draw("c veil", right)];
  },

  doors(chance) {
    const [x, spread] = [between(chance, 80, 120), between(chance, 60, 110)];
    const frames = times(4, (at) => draw("agbg"[at], box(x - 84 + at * 18, 24 + at * 22, 168 - at * 36, 276)));
    const floor = shape(x - 24, 206, x + 24, 206, x + spread, 300, x - spread, 300);
    return [frames, draw("a", floor), draw("c", box(x - 24, 112, 48, 94))];
  },
};
