import assert from "node:assert/strict";
import { test } from "node:test";

import { whyLines, whyTitle } from "../../src/doublebill/ui/lib/why.js";

const PICK = { barred_because: [], recommended_because: ["Because you watched Moon"], total: 4210 };

test("the heading says whether it is here at all", () => {
  assert.equal(whyTitle(PICK), "Why it is here");
  assert.equal(whyTitle({ barred_because: ["owned"] }), "Why it is not here");
  assert.equal(whyTitle({}), "Why it is not here");
});

test("a title that no sync has met has no score, and says so", () => {
  assert.match(whyLines({})[0], /^No sync has met this title yet/);
});

test("each bar is told in words, and one without words as it is", () => {
  const [owned, other] = whyLines({ ...PICK, barred_because: ["owned", "on the moon"] });
  assert.deepEqual([owned, other], ["You own it: it is in the library.", "on the moon"]);
});

test("a pick has its reasons, and its place with what holds it back", () => {
  const lines = whyLines({ ...PICK, rank: 1204, held_back_by: ["quality", "content"] });
  assert.equal(lines[0], "Because you watched Moon");
  assert.equal(lines[1], "Number 1,204 of 4,210; held back as its rating does little for it and it is far from what you watch");
});

test("nothing holds the first one back", () => {
  assert.equal(whyLines({ ...PICK, rank: 1, held_back_by: ["quality"] }).at(-1), "Number 1 of 4,210");
});

test("where no place is known none is told", () => {
  assert.deepEqual(whyLines({ ...PICK, rank: null }), ["Because you watched Moon"]);
});
