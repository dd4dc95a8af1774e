import assert from "node:assert/strict";
import { test } from "node:test";

import { percents, takeApart } from "../../src/doublebill/ui/lib/sums.js";

const WEIGHTS = { content: 0.4, collab: 0.3, quality: 0.2, confidence: 0.1 };
const ODD = { content: 0.333333333, collab: 0.333333333, quality: 0.222222222, confidence: 0.111111112 };
const SCORES = { content: 0.7739, collaborative: 1, quality: 0.7529, confidence: 0.8569, hybrid: 0.8458, penalty: 0 };
const NOTHING = { content: null, collaborative: null, quality: null, confidence: null, hybrid: 0, penalty: 0 };

/** The digits of a shown number as an integer, where sums and products are exact. */
const digits = (number, places) => Number(number.toFixed(places).replace(".", ""));

/** Many scores on the server's grid, some with an unknown component, some with a penalty. */
function* scored({ content, collab, quality, confidence }) {
  for (let at = 0; at < 400; at += 1) {
    const values = [at * 37, at * 5303, at * 7109, at * 8911].map((x) => (x % 10001) / 10000);
    const named = { content: at % 3 ? values[0] : null, collaborative: at % 5 ? values[1] : null, quality: values[2], confidence: values[3] };
    const [known, weights] = [Object.values(named), [content, collab, quality, confidence]];
    const all = weights.reduce((sum, weight, part) => sum + (known[part] === null ? 0 : weight), 0);
    const blended = known.reduce((sum, value, part) => sum + (value ?? 0) * weights[part], 0) / all;
    const penalty = Math.min(Math.round(blended * 10000), (at % 7) * 431) / 10000;
    yield { ...named, penalty, hybrid: Math.max(0, blended - penalty) };
  }
}

test("the shown parts less the penalty are the shown score, to the last digit", () => {
  for (const weights of [WEIGHTS, ODD]) {
    for (const scores of scored(weights)) {
      const { parts, penalty, total, places } = takeApart(scores, weights);
      const sum = parts.reduce((added, { points }) => added + digits(points, places), 0);
      assert.equal(sum - digits(penalty, places), digits(total, places));
    }
  }
});

test("each shown part is its shown value times its shown weight, to the last digit", () => {
  for (const weights of [WEIGHTS, ODD]) {
    for (const scores of scored(weights)) {
      const { parts, places } = takeApart(scores, weights);
      for (const { value, percent, points } of parts) {
        assert.equal(digits(value, 2) * digits(percent, 2), digits(points, places) * 10 ** (6 - places));
      }
    }
  }
});

test("what adds up is the score that the server gave", () => {
  for (const scores of scored(WEIGHTS)) {
    assert.ok(Math.abs(takeApart(scores, WEIGHTS).total - scores.hybrid * 100) <= 0.005);
  }
});

test("a score is taken apart as computed by hand", () => {
  const { parts, total, places } = takeApart(SCORES, WEIGHTS);
  assert.deepEqual(parts.map(({ value, percent, points }) => [value, percent, points]), [
    [77.39, 40, 30.956],
    [100, 30, 30],
    [75.29, 20, 15.058],
    [85.69, 10, 8.569],
  ]);
  assert.deepEqual([total, places], [84.583, 3]);
});

test("no more places are shown than the sum takes", () => {
  const half = { ...NOTHING, content: 0.5, collaborative: 0.5, quality: 0.5, confidence: 0.5 };
  assert.equal(takeApart(half, WEIGHTS).places, 0);
});

test("an unknown component counts like the mean of the others", () => {
  const { parts, total } = takeApart({ ...SCORES, content: null }, WEIGHTS);
  assert.deepEqual([parts[0].isKnown, parts[0].value, parts[0].points], [false, 89.38, 35.752]);
  assert.equal(total, 89.379);
});

test("of a title of which nothing is known nothing is made up", () => {
  assert.deepEqual(takeApart(NOTHING, WEIGHTS).parts.map(({ points }) => points), [0, 0, 0, 0]);
});

test("a penalty takes no more than there is", () => {
  const { penalty, total } = takeApart({ ...SCORES, penalty: 0.9 }, WEIGHTS);
  assert.deepEqual([penalty, total], [84.583, 0]);
});

test("percents add up to 100, unless nothing counts", () => {
  for (const numbers of [[1, 1, 1], [40, 30, 20, 10], [0.1, 0, 7]]) {
    assert.equal(percents(numbers).reduce((a, b) => a + b), 100);
  }
  assert.deepEqual(percents([0, 0]), [0, 0]);
});
