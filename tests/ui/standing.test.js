import assert from "node:assert/strict";
import { test } from "node:test";

import { languageText, listText, placeText, planText } from "../../src/doublebill/ui/lib/why.js";

const NOW = Date.parse("2026-05-04T12:00:00Z");
const FILM = { type: "movie", title: "Moon" };
const PLAN = { exists: false, is_excluded: false, quality_profile: "HD", new_tags: [], body: {} };

const standing = (service_status, service_status_from = "2026-05-04T11:58:00Z") => ({ service_status, service_status_from });

test("where a title stands is told by the service that gets its kind", () => {
  assert.equal(placeText({ ...FILM, standing: standing("requested") }, NOW), "Radarr is looking for it");
  assert.equal(placeText({ type: "tv", standing: standing("not_configured") }, NOW), "Sonarr is not set up");
  assert.equal(placeText(FILM, NOW), "");
});

test("what was read a while ago says when", () => {
  assert.equal(placeText({ ...FILM, standing: standing("available", "2026-05-04T11:00:00Z") }, NOW), "Radarr has it, as read 1 hour ago");
});

test("a state that has no words yet is told as it is", () => {
  assert.equal(placeText({ ...FILM, standing: standing("upgrading", null) }, NOW), "Radarr upgrading");
});

test("languages have their English names, and what is none has none", () => {
  assert.deepEqual(["ja", "cn", "xx-bad", "", null].map(languageText), ["Japanese", "Cantonese", null, null, null]);
});

test("words are joined as in a sentence", () => {
  assert.equal(listText(["a", "b", "c"]), "a, b and c");
});

test("a plan says what would be got, and how", () => {
  const body = { title: "Moon", rootFolderPath: "/films", addOptions: { searchForMovie: true } };
  assert.equal(planText({ ...PLAN, body }, FILM), "Radarr gets Moon, in quality HD, into /films, and looks for it at once");
});

test("a series' plan says which seasons, and what waits says so", () => {
  const body = { title: "Dark", addOptions: { monitor: "pilot", searchForMissingEpisodes: false } };
  const words = planText({ ...PLAN, quality_profile: null, new_tags: ["kids"], body }, { type: "tv", title: "Dark" });
  assert.equal(words, "Sonarr gets the pilot of Dark, with the new tag kids, and waits for it to turn up");
});

test("the choice of no season is told as such", () => {
  const body = { title: "Dark", addOptions: { monitor: "none" } };
  const words = planText({ ...PLAN, quality_profile: null, body }, { type: "tv", title: "Dark" });
  assert.equal(words, "Sonarr gets no season yet of Dark, and waits for it to turn up");
});

test("what is there or excluded is not planned", () => {
  assert.equal(planText({ ...PLAN, exists: true }, FILM), "Moon is in Radarr already");
  assert.equal(planText({ ...PLAN, is_excluded: true }, FILM), "Moon is on Radarr's exclusion list");
});
