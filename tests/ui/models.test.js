import assert from "node:assert/strict";
import { test } from "node:test";

import * as models from "../../src/doublebill/ui/lib/models.js";

const model = (rest) => ({
  name: "embeddinggemma", words: "Understands much", id: null, size_bytes: null, wanted: false, state: "absent",
  message: "", hint: null, unit: null, done: null, total: null, rate_per_s: null, left_s: null, ...rest,
});
const acts = (rest) => models.actsOf(model(rest)).map(([act, words]) => `${act}: ${words}`);

test("a model that is not here can be used or only fetched", () => {
  assert.deepEqual(acts({}), ["use: Use", "fetch: Fetch only"]);
});

test("a model that is here and not used can be used, tested and removed", () => {
  assert.deepEqual(acts({ state: "ready", id: "a@1" }), ["use: Use", "fetch: Test", "remove: Remove"]);
});

test("the model in use can only be tested", () => {
  assert.deepEqual(acts({ state: "serving", id: "a@1", wanted: true }), ["fetch: Test"]);
});

test("what failed can be tried again, and nothing is done about what is under way", () => {
  assert.deepEqual(acts({ state: "failed", wanted: true }), ["fetch: Try again"]);
  assert.deepEqual(acts({ state: "fetching", wanted: true }), []);
});

test("the bundled model can only be used", () => {
  assert.deepEqual(acts({ name: "bundled", state: "serving", id: "a@1" }), []);
  assert.deepEqual(acts({ name: "bundled", state: "ready", id: "a@1" }), ["use: Use"]);
});

test("rate and time left are told as they are known", () => {
  assert.equal(models.aboutModel(model({})), "Understands much");
  assert.equal(models.aboutModel(model({ size_bytes: 1.3e9 })), "Understands much. 1.3 GB here");
  assert.match(models.aboutModel(model({ unit: "bytes", rate_per_s: 4e6, left_s: 125 })), /^Understands much\. 4\.0 MB a second, .+/);
  assert.equal(models.aboutModel(model({ unit: "titles", rate_per_s: 8.25 })), "Understands much. 8.3 titles a second");
});

test("waiting is under way, failing is not", () => {
  assert.ok(models.isUnderWay(model({ state: "waiting" })));
  assert.ok(!models.isUnderWay(model({ state: "failed" })));
});
