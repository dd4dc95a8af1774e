import assert from "node:assert/strict";
import { test } from "node:test";

import { pieces, viaOf } from "../../src/doublebill/ui/lib/matching.js";

const TITLE = { title: "Solaris", genres: ["Drama", "Science Fiction"], overview: "A psychologist flies to a station over a distant ocean." };

test("every second piece is the beginning of a typed word, whatever its case and accents", () => {
  assert.deepEqual(pieces("Le fabuleux destin d'Amélie", "amelie DEST"), ["Le fabuleux ", "dest", "in d'", "Amélie", ""]);
});

test("a word is not marked in the middle of another, and no words mark nothing", () => {
  assert.deepEqual(pieces("Aliens", "lien"), ["Aliens"]);
  assert.deepEqual(pieces("Aliens", " -+ "), ["Aliens"]);
});

test("signs that mean something in a pattern are only signs", () => {
  assert.deepEqual(pieces("What? (2020)", "(2020"), ["What? (", "2020", ")"]);
});

test("the pieces of a text are that text", () => {
  for (const text of ["", "Amélie", "𝒜 film of films", "fi"]) assert.equal(pieces(text, "fi am").join(""), text);
});

test("whoever it was found through is named with what they did", () => {
  assert.deepEqual(viaOf({ ...TITLE, matched_via: "director:Agnès Varda" }, "varda"), { label: "Directed by", text: "Agnès Varda", isName: true });
  assert.deepEqual(viaOf({ ...TITLE, matched_via: "actor:A: B" }, "a"), { label: "With", text: "A: B", isName: true });
});

test("a name that shows why it was found needs no words", () => {
  assert.equal(viaOf(TITLE, "sol"), null);
  assert.equal(viaOf({ ...TITLE, matched_via: "title" }, "solyaris"), null);
  assert.equal(viaOf(TITLE, " "), null);
});

test("else its genre or its plot says it, and else its people or keywords did", () => {
  assert.deepEqual(viaOf(TITLE, "science"), { label: "Genre:", text: "Science Fiction" });
  assert.deepEqual(viaOf(TITLE, "psych"), { label: "Plot:", text: TITLE.overview });
  assert.deepEqual(viaOf(TITLE, "tarkovsky"), { label: "By its people or keywords" });
  assert.deepEqual(viaOf({ ...TITLE, overview: null }, "psych"), { label: "By its people or keywords" });
});

test("a likeness is told as such", () => {
  assert.deepEqual(viaOf({ ...TITLE, is_fuzzy: true }, "solarsi"), { label: "A name like what you typed" });
});

test("what is only near in meaning is told as such, whatever its plot says", () => {
  assert.deepEqual(viaOf({ ...TITLE, matched_via: "meaning" }, "ocean"), { label: "Close to what you describe" });
});

test("what was found by its words shows where they stand", () => {
  assert.deepEqual(viaOf({ ...TITLE, matched_via: "words" }, "psych"), { label: "Plot:", text: TITLE.overview });
});

test("of a long plot the part around the word is shown", () => {
  const { text } = viaOf({ ...TITLE, overview: `${"word ".repeat(40)}ocean ${"word ".repeat(40)}` }, "ocean");
  assert.match(text, /^… (word )+ocean (word )*word …$/);
  assert.ok(text.length < 140, text);
});
