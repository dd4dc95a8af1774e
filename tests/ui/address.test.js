import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import * as address from "../../src/doublebill/ui/lib/address.js";

/** What a browser has: a list of visited addresses, each with a state, and a place in it. */
class FakeHistory {
  entries = [{ search: "", state: null }];
  at = 0;

  get state() {
    return this.entries[this.at].state;
  }

  pushState(state, _, search) {
    this.entries.splice((this.at += 1), Infinity, { search, state });
  }

  replaceState(state, _, search) {
    this.entries[this.at] = { search, state };
  }

  go(steps) {
    this.at += steps;
  }
}

beforeEach(() => {
  globalThis.history = new FakeHistory();
  const kept = new Map();
  globalThis.sessionStorage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) };
  globalThis.location = { get search() { return history.entries[history.at].search; } };
});

test("an address without a query says nothing", () => {
  assert.ok(Object.values(address.read()).every((value) => value === null));
});

test("what is put into the address is read from it again", () => {
  address.replace({ user: "Zoë & Max", genre: "Sci-Fi & Fantasy" });
  const { user, genre, title } = address.read();
  assert.deepEqual([user, genre, title], ["Zoë & Max", "Sci-Fi & Fantasy", null]);
});

test("null and nothing are taken out of an address, the rest stays", () => {
  address.replace({ user: "Mila", genre: "Drama" });
  assert.equal(address.href({ genre: null }), "?user=Mila");
  assert.equal(address.href({ genre: "" }), "?user=Mila");
});

test("a title stands in an address as people would write it", () => {
  assert.equal(address.href({ title: "movie:603" }), "?title=movie:603");
});

test("what strangers put into an address is not passed on", () => {
  address.replace({});
  history.entries[0].search = "?evil=1&user=Mila";
  assert.equal(address.href({}), "?user=Mila");
});

test("leaving a title that was entered from another goes back before both", () => {
  address.replace({ user: "Mila" });
  address.enter("movie:603");
  address.enter("tv:1399");
  address.leave();
  assert.equal(location.search, "?user=Mila");
});

test("leaving a title that the page was opened with stays on the page", () => {
  address.replace({ user: "Mila", title: "movie:603" });
  address.leave();
  assert.equal(location.search, "?user=Mila");
  assert.equal(history.entries.length, 1);
});

test("where no title is shown there is nothing to leave", () => {
  address.replace({ user: "Mila" });
  address.leave();
  assert.equal(history.at, 0);
});

test("filters leave something out, an order or a person does not", () => {
  address.replace({ user: "Mila", sort: "newest" });
  assert.equal(address.isFiltered(), false);
  address.replace({ owned: "yes" });
  assert.equal(address.isFiltered(), true);
});

test("taking all filters away leaves the person and the title", () => {
  address.replace({ user: "Mila", genre: "Drama", year_to: "1999", sort: "newest", title: "movie:603" });
  assert.equal(address.href(address.UNFILTERED), "?user=Mila&title=movie:603");
});

test("the place in the page goes along into a title and back", () => {
  const place = { key: "movie:603", at: 40, top: -12, count: 96 };
  assert.equal(address.place(), null);
  address.remember(place);
  address.enter("movie:603");
  assert.deepEqual(address.place(), place);
  address.leave();
  assert.deepEqual(address.place(), place);
});

test("each step of the history has a place of its own, which it finds again", (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: 1 });
  const place = { key: "movie:603", at: 40, top: -12, count: 96 };
  address.remember(place);
  context.mock.timers.tick(1);
  history.pushState(null, "", "");
  assert.equal(address.place(), null);
  address.remember({ ...place, at: 7 });
  history.go(-1);
  assert.deepEqual(address.place(), place);
});
