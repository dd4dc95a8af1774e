import assert from "node:assert/strict";
import { test } from "node:test";

import { html } from "../../src/doublebill/ui/lib/html.js";
import { MOTIFS } from "../../src/doublebill/ui/lib/motifs.js";
import { drawPoster, sizeOf } from "../../src/doublebill/ui/lib/poster.js";

const KEYS = [...Array(300).keys()].map((at) => `movie:${at + 1}`);

function drawn(key, genres = ["Drama"]) {
  const { picture, ...look } = drawPoster(key, genres);
  return { ...look, picture: picture.text };
}

test("a title always looks the same", () => {
  assert.deepEqual(drawn("movie:603"), drawn("movie:603"));
});

test("titles look unlike each other, and a film unlike a series of its number", () => {
  assert.equal(new Set(KEYS.map((key) => JSON.stringify(drawn(key)))).size, KEYS.length);
  assert.notDeepEqual(drawn("movie:603"), drawn("tv:603"));
});

test("the genre that tells most gives the colour", () => {
  for (const key of KEYS) {
    const { hue } = drawn(key, ["Drama", "Science Fiction"]);
    assert.ok(Math.abs(hue - 225) <= 18, `${key}: ${hue}`);
  }
});

test("a title without a known genre has a poster too", () => {
  for (const genres of [[], [""], ["Reality", "News"]]) assert.match(drawn("tv:1", genres).picture, /^<svg/);
});

test("no number in a picture is broken, whatever the motif", () => {
  for (const [name, draw] of Object.entries(MOTIFS)) {
    for (const chance of [0, 0.5, 0.999999]) {
      assert.doesNotMatch(html`${draw(() => chance)}`.text, /NaN|undefined|Infinity|\[object/, name);
    }
  }
});

test("a picture is few elements: a page of posters styles and lays out each", () => {
  for (const [name, draw] of Object.entries(MOTIFS)) {
    const elements = html`${draw(() => 0.5)}`.text.match(/<[a-z]/g).length;
    assert.ok(elements <= 8, `${name}: ${elements}`);
  }
});

test("a long word is set small enough to fit, a short title large", () => {
  for (const voice of ["serif", "sans", "narrow"]) {
    assert.equal(sizeOf("Up", voice), 19);
    assert.ok(sizeOf("Koyaanisqatsi", voice) < 13);
  }
});

test("a long title is set smaller than one of its words alone", () => {
  const long = "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb";
  assert.ok(sizeOf(long, "serif") < sizeOf("Strangelove", "serif"));
});

test("a title without a word has a size", () => {
  assert.equal(sizeOf("", "serif"), 19);
});
