import { html, made } from "../lib/html.js";
import { keyOf } from "../lib/format.js";
import { pickCard } from "./pick-card.js";

/** @import {Place} from "../lib/address.js" */
export const BILL = 2; // the first two are shown large
const FRAMES = 90; // so long it may take until all heights are true

/** <pick-grid><ul class="bill"></ul><ul class="grid"></ul></pick-grid> Picks as cards, and where in them somebody is. */
class PickGrid extends HTMLElement {
  isReturning = false;

  get cards() {
    return /** @type {HTMLElement[]} */ ([...this.querySelectorAll(":scope > ul > .card[data-key]")]);
  }

  get #lists() {
    return this.querySelectorAll(":scope > ul");
  }

  /** @param {Api.Pick[]} picks */
  show(picks) {
    const cards = cardsOf(picks);
    const [bill, rest] = this.#lists;
    bill.replaceChildren(...cards.slice(0, BILL));
    rest.replaceChildren(...cards.slice(BILL));
    this.ariaBusy = "false";
  }

  /** Go on with more of them; what is here already is left out. Gives the new cards. @param {Api.Pick[]} picks */
  add(picks) {
    const here = new Set(this.cards.map(({ dataset }) => dataset.key));
    const cards = cardsOf(picks.filter((pick) => !here.has(keyOf(pick))));
    this.#lists[1].append(...cards);
    return cards;
  }

  /** @param {HTMLElement} card */
  takeOut(card) {
    const [bill, rest] = this.#lists;
    card.remove();
    if (bill.children.length < BILL && rest.firstElementChild) bill.append(rest.firstElementChild);
  }

  /** @param {HTMLElement} card @param {number} at its place among all */
  putIn(card, at) {
    const [bill, rest] = this.#lists;
    if (at >= BILL) return rest.insertBefore(card, rest.children[at - BILL] ?? null);
    bill.insertBefore(card, bill.children[at] ?? null);
    if (bill.children.length > BILL) rest.prepend(bill.children[BILL]);
  }

  /** The first card in the window, to come back to; null at the top of the page. @returns {?Place} */
  get place() {
    const cards = this.cards;
    if (scrollY < 40 || !cards.length) return null;
    let [at, end] = [0, cards.length - 1];
    while (at < end) {
      const middle = (at + end) >> 1;
      if (cards[middle].getBoundingClientRect().bottom > 0) end = middle;
      else at = middle + 1;
    }
    return { key: cards[at].dataset.key ?? "", at, top: cards[at].getBoundingClientRect().top, count: cards.length };
  }

  /**
   * Scroll to where somebody was: the same card, else the one that took its place. Cards that come near get their true
   * height and move the others, so it holds on for a while, unless somebody scrolls.
   * @param {Place} place
   */
  returnTo({ key, at, top }) {
    const cards = this.cards;
    const card = cards.find(({ dataset }) => dataset.key === key) ?? cards[Math.min(at, cards.length - 1)];
    const hold = (/** @type {number} */ frames) => {
      this.isReturning &&= frames > 0;
      if (!this.isReturning) return;
      scrollBy({ top: card.getBoundingClientRect().top - top, behavior: "instant" });
      requestAnimationFrame(() => hold(frames - 1));
    };
    this.isReturning = Boolean(card);
    for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      addEventListener(kind, () => (this.isReturning = false), { once: true, passive: true });
    }
    hold(FRAMES);
  }
}

/** @param {Api.Pick[]} picks @returns {HTMLElement[]} */
const cardsOf = (picks) => [...made(html`${picks.map(pickCard)}`).children];

customElements.define("pick-grid", PickGrid);
