/**
 * The pictures of drawn posters, on a field of 200 by 300 whose lower third belongs to the title. The looks a, b and c
 * are the poster's colours from near its ground to bright, g is the ground itself, l is a line.
 */
import { html } from "./html.js";

/** @typedef {() => number} Chance a number in 0..1 at each call */

const TURN = 2 * Math.PI;
/** @type {(count: number, draw: (at: number) => any) => any[]} */
const times = (count, draw) => [...Array(count).keys()].map(draw);
const round = (/** @type {number} */ x) => Math.round(x * 10) / 10;
/** @type {(chance: Chance, low: number, high: number) => number} */
const between = (chance, low, high) => low + chance() * (high - low);

/** @type {(look: string, x: number, y: number, r: number) => unknown} */
const disc = (look, x, y, r) => html`<circle class="${look}" cx="${round(x)}" cy="${round(y)}" r="${round(r)}"/>`;
/** @type {(look: string, x: number, y: number, w: number, h: number) => unknown} */
const box = (look, x, y, w, h) => shape(look, [x, y, x + w, y, x + w, y + h, x, y + h]);
/** @type {(look: string, points: number[]) => unknown} */
const shape = (look, points) => html`<polygon class="${look}" points="${points.map(round).join(" ")}"/>`;

/** @type {Record<string, (chance: Chance) => unknown>} */
export const MOTIFS = {
  orbits(chance) {
    const [x, y, step] = [between(chance, 60, 140), between(chance, 85, 125), between(chance, 19, 26)];
    const angle = chance() * TURN;
    const moon = disc("b", x + 2.2 * step * Math.cos(angle), y + 2.2 * step * Math.sin(angle), step * 0.34);
    return [times(7, (at) => disc("l", x, y, step * (at + 1.2))), disc("c", x, y, step * 0.9), moon];
  },

  sun(chance) {
    const [x, y, r] = [between(chance, 75, 125), between(chance, 105, 130), between(chance, 62, 82)];
    const bands = times(6, (at) => box("g", 0, y + 4 + at * r * 0.18, 200, 1.5 + at * 2.1));
    return [disc("a", x, y, r * 1.5), disc("c", x, y, r), bands];
  },

  rays(chance) {
    const [x, y, count] = [between(chance, 40, 160), between(chance, 70, 150), Math.round(between(chance, 9, 15))];
    const wedges = times(count, (at) => {
      const ends = [at, at + 0.5].map((each) => (each * TURN) / count);
      const points = ends.flatMap((end) => [400 * Math.cos(end) + x, 400 * Math.sin(end) + y]);
      return shape(at % 3 ? "a" : "b", [x, y, ...points]);
    });
    return [wedges, disc("c", x, y, between(chance, 20, 38))];
  },

  peaks(chance) {
    const ridge = (/** @type {string} */ look, /** @type {number} */ base) => {
      const top = times(6, (at) => [at * 40, base - (at % 2 ? 62 : 15) * (0.5 + chance())]);
      return shape(look, [0, 300, ...top.flat(), 200, 300]);
    };
    const moon = disc("c", between(chance, 50, 150), between(chance, 60, 95), between(chance, 20, 36));
    return [moon, ridge("b", 170), ridge("a", 205), ridge("g", 240)];
  },

  arches(chance) {
    const x = round(between(chance, 80, 120));
    return ["a", "b", "a", "c", "g"].map((look, at) => {
      const r = 104 - at * 21;
      return html`<path class="${look}" d="M${x - r} 300V140a${r} ${r} 0 0 1 ${2 * r} 0V300Z"/>`;
    });
  },

  blinds(chance) {
    const [turn, lit] = [round(between(chance, -28, 28)), Math.floor(between(chance, 2, 6))];
    const bars = times(9, (at) => box(at === lit ? "c" : at % 2 ? "a" : "b", -80, at * 36 - 60, 360, 10 + at * 2));
    return html`<g transform="rotate(${turn} 100 150)">${bars}</g>`;
  },

  dots(chance) {
    const [x, y, lit] = [between(chance, 40, 160), between(chance, 40, 150), Math.floor(chance() * 40)];
    return times(63, (at) => {
      const [px, py] = [14 + (at % 7) * 28.6, 14 + Math.floor(at / 7) * 28.6];
      const r = Math.max(2, 15 - Math.hypot(px - x, py - y) / 13);
      return at === lit ? disc("c", px, py, 12) : disc(at % 2 ? "b" : "a", px, py, r);
    });
  },

  tiles(chance) {
    return times(20, (at) => {
      const [x, y, turn] = [(at % 4) * 50, Math.floor(at / 4) * 50, Math.floor(chance() * 4) * 90];
      const look = "abababc"[Math.floor(chance() * 7)];
      return html`<path class="${look}" d="M${x} ${y}h50a50 50 0 0 1-50 50z"
        transform="rotate(${turn} ${x + 25} ${y + 25})"/>`;
    });
  },

  rings(chance) {
    const [x, y, lean] = [between(chance, 80, 120), between(chance, 100, 130), chance() * TURN];
    const [dx, dy] = [5 * Math.cos(lean), 5 * Math.sin(lean)];
    return times(8, (at) => disc("babababc"[at], x + at * dx, y + at * dy, 132 - at * 17));
  },

  eye(chance) {
    const [x, y] = [between(chance, 84, 116), round(between(chance, 100, 130))];
    const lens = (/** @type {string} */ look, /** @type {number} */ h) =>
      html`<path class="${look}" d="M4 ${y}Q100 ${y - h} 196 ${y}Q100 ${y + h} 4 ${y}Z"/>`;
    return [lens("a", 190), lens("g", 150), lens("b", 112), disc("c", x, y, 37), disc("g", x, y, 17)];
  },

  moon(chance) {
    const [x, y, r] = [between(chance, 70, 130), between(chance, 85, 115), between(chance, 38, 56)];
    const stars = times(22, () => disc("b", chance() * 200, chance() * 200, 0.7 + chance() * 1.3));
    const hill = disc("a", 40 + chance() * 120, 420, 215);
    return [stars, disc("c", x, y, r), disc("g", x + r * 0.42, y - r * 0.2, r * 0.88), hill];
  },

  pair(chance) {
    const [r, gap, lean] = [between(chance, 50, 62), between(chance, 26, 38), between(chance, -22, 22)];
    return [disc("a", 100, 120, 96), disc("b", 100 - gap, 120 + lean, r), disc("c veil", 100 + gap, 120 - lean, r)];
  },

  doors(chance) {
    const [x, spread] = [between(chance, 80, 120), between(chance, 60, 110)];
    const frame = (/** @type {number} */ at) => box("agbg"[at], x - 84 + at * 18, 24 + at * 22, 168 - at * 36, 276);
    const floor = shape("a", [x - 24, 206, x + 24, 206, x + spread, 300, x - spread, 300]);
    return [times(4, frame), floor, box("c", x - 24, 112, 48, 94)];
  },
};
