import assert from "node:assert/strict";
import { test } from "node:test";

import { dayText, lengthText } from "../../src/doublebill/ui/lib/spans.js";

test("a day is told without its hour", () => {
  assert.equal(dayText("2027-03-22T12:00:00Z"), "22 March 2027");
});

test("a length has hours and minutes only where there are some", () => {
  assert.deepEqual([116, 120, 45].map(lengthText), ["1 h 56 min", "2 h", "45 min"]);
});
