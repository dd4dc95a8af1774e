import assert from "node:assert/strict";
import { test } from "node:test";

import * as format from "../../src/doublebill/ui/lib/format.js";
import { pathOf, titleOf } from "../../src/doublebill/ui/lib/keys.js";

const NOW = Date.parse("2026-05-04T12:00:00Z");

test("a title's name in an address means that title", () => {
  for (const title of [{ type: "movie", tmdb_id: 603 }, { type: "tv", tmdb_id: 1 }]) {
    assert.deepEqual(titleOf(format.keyOf(title)), title);
  }
});

test("whatever is not a title's name means none", () => {
  const nearly = ["603", "movie", "movie:", "movie:0", "movie:-1", "movie:6e3", "book:603", " tv:1", "tv:1\n"];
  for (const key of [null, "", ...nearly, "tv:12345678901"]) {
    assert.equal(titleOf(key), null, `${key}`);
  }
});

test("the path of a title has its kind before its number", () => {
  assert.equal(pathOf({ type: "tv", tmdb_id: 1399 }), "tv/1399");
});

test("what is not known of a title is left out of its facts", () => {
  assert.equal(format.factsText({ type: "movie", year: "1999" }), "Film · 1999");
  assert.equal(format.factsText({ type: "tv", year: null }), "Series");
});

test("scores are points of 100, and large counts have separators", () => {
  assert.equal(format.pointsText(0.8458), "85");
  assert.equal(format.pointsText(0), "0");
  assert.equal(format.countText(26000), "26,000");
});

test("a rating has one digit, and none is told as such", () => {
  assert.equal(format.ratingText(8), "8.0");
  assert.equal(format.ratingText(null), "Not rated");
});

test("the household is everyone, a person has a name", () => {
  assert.equal(format.personText({ id: "household", name: "Household" }), "Everyone");
  assert.equal(format.personText({ id: "a1", name: "Mila" }), "Mila");
});

test("moments are told from now, in the unit that fits", () => {
  const told = {
    "2026-05-04T11:57:00Z": "3 minutes ago",
    "2026-05-04T12:00:10Z": "this minute",
    "2026-05-04T14:00:00Z": "in 2 hours",
    "2026-05-03T12:00:00Z": "yesterday",
    "2026-05-14T12:00:00Z": "in 10 days",
  };
  for (const [moment, words] of Object.entries(told)) assert.equal(format.sinceText(moment, NOW), words);
});

test("time left is told in seconds while it is short", () => {
  assert.deepEqual([0.2, 89, 90, 600].map(format.leftText), ["1 s left", "89 s left", "2 min left", "10 min left"]);
});

test("films go to Radarr and series to Sonarr", () => {
  assert.deepEqual(["movie", "tv"].map((type) => format.serviceOf({ type })), ["Radarr", "Sonarr"]);
});

test("how a title stands is told in words, and nothing where nothing is known", () => {
  const standing = { in_library: true, is_watched: true, is_hidden: true, is_requested: true };
  assert.deepEqual(format.marksOf({ ...standing, service_status: "downloading" }), ["Owned", "Watched", "Hidden", "Downloading"]);
  assert.deepEqual(format.marksOf({ is_requested: true, service_status: "requested" }), ["Requested"]);
  assert.deepEqual(format.marksOf({}), []);
});

test("a filter is told in words, and what is not known of it as it is", () => {
  const told = { kind: "tv", genre: "Drama", min_score: "0.6", year_from: "1980", year_to: "1999", language: "fr", owned: "yes" };
  const words = ["Series", "Drama", "Score from 60", "From 1980", "Until 1999", "French", "With what you own"];
  assert.deepEqual(Object.entries(told).map(([name, value]) => format.filterText(name, value)), words);
  assert.equal(format.filterText("language", "<b>"), "<b>");
});

test("how many titles there are is told with what they are and their order", () => {
  assert.equal(format.totalText(1206, {}), "1,206 titles you do not own yet, the best first");
  assert.equal(format.totalText(1, { owned: "yes", sort: "newest" }), "1 title you have not seen, the newest first");
  assert.equal(format.totalText(0, {}), "");
});

test("below the last card it says whether that was all", () => {
  assert.equal(format.endText(206, 206), "206 titles, and that is all.");
  assert.match(format.endText(1000, 3412), /first 1,000 of 3,412 titles/);
});
