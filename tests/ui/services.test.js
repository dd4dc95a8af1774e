import assert from "node:assert/strict";
import { test } from "node:test";

import * as services from "../../src/doublebill/ui/lib/services.js";

const connection = (name, rest) => ({ name, is_required: true, url: null, has_key: false, set_in: null, ...rest });

test("an address without a scheme is one of plain HTTP", () => {
  assert.equal(services.addressOf(" nas:8096 "), "http://nas:8096");
  assert.equal(services.addressOf("https://media.example/jellyfin"), "https://media.example/jellyfin");
});

test("what a browser shows behind an address is not part of it", () => {
  for (const behind of ["/", "//", "/web/", "/web/#/home.html", "/web/index.html#!/home", "/?a=b"]) {
    assert.equal(services.addressOf(`nas:8096${behind}`), "http://nas:8096", behind);
  }
});

test("nothing typed is no address", () => {
  assert.equal(services.addressOf("  "), "");
});

test("only what was typed is sent, without the blanks around it", () => {
  assert.deepEqual(services.connectionOf({ url: "nas:7878", key: " 0f9a " }), { url: "http://nas:7878", key: "0f9a" });
  assert.deepEqual(services.connectionOf({ url: "nas:7878", key: " " }), { url: "http://nas:7878" });
  assert.deepEqual(services.connectionOf({ key: "0f9a" }), { key: "0f9a" });
});

test("what is required and has no key or no address is missing", () => {
  const told = [
    connection("tmdb", { has_key: true }),
    connection("jellyfin", { has_key: true }),
    connection("radarr", { is_required: false }),
  ];
  assert.deepEqual(services.missingOf(told).map(({ name }) => name), ["jellyfin"]);
});

test("what is missing is told in a sentence", () => {
  const both = [connection("tmdb"), connection("jellyfin")];
  assert.equal(services.missingText(both), "TMDB and Jellyfin are still to be connected");
  assert.equal(services.missingText(both.slice(1)), "Jellyfin is still to be connected");
});

test("sizes have the unit that fits", () => {
  const told = [0, 999, 1000, 42_300_000, 2e12, 3e15].map(services.sizeText);
  assert.deepEqual(told, ["0 B", "999 B", "1.0 kB", "42 MB", "2.0 TB", "3000 TB"]);
});

test("free space that is not known is not told", () => {
  assert.deepEqual([null, 2e12].map(services.freeText), ["", "2.0 TB free"]);
});

test("how long something lasted has minutes and seconds where there are some", () => {
  const lasted = (end) => services.lastedText("2026-05-04T12:00:00Z", end);
  assert.equal(lasted("2026-05-04T12:00:00Z"), "0 s");
  assert.equal(lasted("2026-05-04T12:02:05Z"), "2 min 5 s");
  assert.equal(lasted("2026-05-04T13:00:00Z"), "60 min");
});
