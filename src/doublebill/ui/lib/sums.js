/** How a score is taken apart, and shares of a whole, so that what is shown adds up. Pure. */

const WHOLE = 10000; // values and weights are shown with four places, as percents with two
const PLACES = 6; // so many has a product of the two, in points of 100

/**
 * Take a score apart into points of 100: value times weight is each part and the parts minus the penalty are the total,
 * all to the last of the `places` that this takes. An unknown component counts like the mean of the known ones, which
 * is the same as to rescale their weights, as the server does.
 * @param {Omit<Api.Scores, "hybrid">} scores
 * @param {Api.Weights} weights
 */
export function takeApart({ content, collaborative, quality, confidence, penalty }, weights) {
  const shares = parted([weights.content, weights.collab, weights.quality, weights.confidence], WHOLE);
  const told = [content, collaborative, quality, confidence].map((value) => value && Math.round(value * WHOLE));
  const mean = meanOf(told, shares);
  const products = told.map((value, at) => (value ?? mean) * shares[at]);
  const sum = total(products);
  const less = Math.min(sum, Math.round(penalty * WHOLE) * WHOLE);
  const points = (/** @type {number} */ product) => product / 10 ** PLACES;
  const parts = ["content", "collaborative", "quality", "confidence"].map((name, at) => ({
    name,
    isKnown: told[at] !== null,
    value: ((told[at] ?? mean) * 100) / WHOLE,
    percent: (shares[at] * 100) / WHOLE,
    points: points(products[at]),
  }));
  return { parts, penalty: points(less), total: points(sum - less), places: placesOf([...products, less]) };
}

/** The mean of what is known, by its shares. @param {(number | null)[]} values @param {number[]} shares */
function meanOf(values, shares) {
  const known = total(shares.filter((_, at) => values[at] !== null));
  return known && Math.round(total(values.map((value, at) => (value ?? 0) * shares[at])) / known);
}

/** How many places show all of them to the end. @param {number[]} products */
function placesOf(products) {
  const fits = (/** @type {number} */ places) => products.every((each) => each % 10 ** (PLACES - places) === 0);
  return [...Array(PLACES + 1).keys()].findIndex(fits);
}

/** Numbers as percents that add up to 100; all 0 where nothing counts. @param {number[]} numbers */
export const percents = (numbers) => parted(numbers, 100);

/** A whole parted as the numbers are; all 0 where they are. @param {number[]} numbers @param {number} whole */
function parted(numbers, whole) {
  const sum = total(numbers);
  return sum ? shareOut(numbers.map((number) => (whole * number) / sum), whole) : numbers;
}

/** Round numbers to integers of a given sum, by the largest remainder. @param {number[]} exact @param {number} sum */
function shareOut(exact, sum) {
  const rounded = exact.map(Math.floor);
  const lost = (/** @type {number} */ at) => exact[at] - rounded[at];
  const byLoss = [...exact.keys()].sort((a, b) => lost(b) - lost(a));
  for (const at of byLoss.slice(0, sum - total(rounded))) rounded[at] += 1;
  return rounded;
}

/** @param {number[]} numbers */
const total = (numbers) => numbers.reduce((a, b) => a + b, 0);
