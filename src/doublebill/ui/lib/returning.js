/** Coming back to where somebody was in a grid. */
const FRAMES = 90; // so long it may take until all heights are true
let held = new AbortController();

/**
 * Scroll to the same card, else the one that took its place. Cards that come near get their true height and move the
 * others, so it holds on for a while, unless somebody scrolls.
 * @param {any} grid a pick-grid @param {import("./address.js").Place} place
 */
export function returnTo(grid, { key, at, top }) {
  /** @type {HTMLElement[]} */
  const cards = grid.cards;
  held.abort(); // what was held until here
  held = new AbortController();
  const { signal } = held;
  const card = cards.find(({ dataset }) => dataset.key === key) ?? cards[Math.min(at, cards.length - 1)];
  const hold = (/** @type {number} */ frames) => {
    grid.isReturning &&= frames > 0;
    if (!grid.isReturning || signal.aborted) return;
    scrollBy({ top: card.getBoundingClientRect().top - top, behavior: "instant" });
    requestAnimationFrame(() => hold(frames - 1));
  };
  grid.isReturning = Boolean(card);
  for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    addEventListener(kind, () => (grid.isReturning = false), { once: true, passive: true, signal });
  }
  hold(FRAMES);
}
