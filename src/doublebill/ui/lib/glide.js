/** Cards leave a grid and come back, while the others glide to their places and the page stays put. */
const CALM = { duration: 420, easing: "cubic-bezier(0.2, 0, 0, 1)" };
const LEAVING = { duration: 200, easing: "ease-in", fill: /** @type {const} */ ("forwards") };

/** Where cards stood among all that came, for when more than one has left. @type {WeakMap<HTMLElement, number>} */
const ranks = new WeakMap();
let met = 0;

/** @param {any} grid a pick-grid @returns {HTMLElement[]} its cards, each with a rank */
function ranked({ cards }) {
  for (const card of cards) if (!ranks.has(card)) ranks.set(card, ++met);
  return cards;
}

/** Let a card leave, and give what brings it back. @param {any} grid a pick-grid @param {string} key */
export function take(grid, key) {
  const cards = ranked(grid);
  const at = cards.findIndex(({ dataset }) => dataset.key === key);
  const card = cards[at];
  if (!card) return () => {};
  const leaving = isStill() ? null : card.animate({ opacity: 0, scale: 0.94 }, LEAVING);
  const gone = Promise.resolve(leaving?.finished).then(() => remove(grid, card, at));
  return async () => {
    await gone;
    leaving?.cancel();
    const others = cards.filter((each) => each !== card);
    if (others.length && !others.some(({ isConnected }) => isConnected)) return; // other picks are shown by now
    const isAfter = (/** @type {HTMLElement} */ each) => Number(ranks.get(each)) > Number(ranks.get(card));
    glide(grid, () => grid.putIn(card, ranked(grid).findIndex(isAfter)));
  };
}

/** @param {any} grid @param {HTMLElement} card @param {number} at */
function remove(grid, card, at) {
  const hadFocus = card.contains(document.activeElement);
  glide(grid, () => grid.takeOut(card));
  const next = grid.cards[Math.min(at, grid.cards.length - 1)];
  if (hadFocus) next?.querySelector("a")?.focus({ preventScroll: true });
}

/**
 * Within a line cards glide, from one line to another they fade; those out of sight just move.
 * @param {any} grid
 * @param {() => void} change
 */
function glide(grid, change) {
  const isSeen = (/** @type {DOMRect} */ { top, bottom }) => bottom > 0 && top < innerHeight;
  const placeOf = (/** @type {HTMLElement} */ card) => card.getBoundingClientRect();
  const drawn = () => grid.cards.filter((/** @type {HTMLElement} */ card) => card.checkVisibility({ contentVisibilityAuto: true }));
  const was = new Map(drawn().map((/** @type {HTMLElement} */ card) => [card, placeOf(card)]));
  change();
  if (isStill()) return;
  const moved = drawn().map((/** @type {HTMLElement} */ card) => ({ card, old: was.get(card), now: placeOf(card) }));
  for (const { card, old, now } of moved.filter((/** @type {any} */ { now }) => isSeen(now))) {
    if (!old || old.y !== now.y) card.animate({ opacity: [0, 1] }, CALM);
    else if (old.x !== now.x) card.animate({ translate: [`${old.x - now.x}px`, "0"] }, CALM);
  }
}

const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
