import { html, made } from "../lib/html.js";
import { keyOf } from "../lib/format.js";
import { pickCard } from "./pick-card.js";

/** @import {Place} from "../lib/address.js" */
export const BILL = 2; // the first two are shown large
const PART = 24; // fills whole lines of 2, 3, 4, 6, 8 and 12

/**
 * <pick-grid><ul class="bill"></ul><ul class="grid"></ul></pick-grid> Picks as cards, and where in them somebody is. Of
 * grids there are as many as it takes: what is far from the window is left out of a frame grid by grid, since a browser
 * that looks at a thousand cards one by one is late for each frame. `data-served`: the first cards came with the page.
 */
class PickGrid extends HTMLElement {
  isReturning = false;

  get cards() {
    return /** @type {HTMLElement[]} */ ([...this.querySelectorAll(":scope > ul > .card[data-key]")]);
  }

  get #lists() {
    return [...this.querySelectorAll(":scope > ul")];
  }

  /** @param {Api.Pick[]} picks */
  show(picks) {
    const isHere = "served" in this.dataset && this.cards.every(({ dataset }, at) => picks[at] && dataset.key === keyOf(picks[at]));
    const [bill, grid, ...others] = this.#lists;
    if (!isHere) [bill, grid].forEach((list) => list.replaceChildren());
    others.forEach((list) => list.remove());
    delete this.dataset.served;
    this.add(picks);
    this.ariaBusy = "false";
  }

  /** Go on with more of them; what is here already is left out. Gives the new cards. @param {Api.Pick[]} picks */
  add(picks) {
    const old = this.cards;
    const here = new Set(old.map(({ dataset }) => dataset.key));
    const cards = cardsOf(picks.filter((pick) => !here.has(keyOf(pick))));
    this.#settle([...old, ...cards]);
    return cards;
  }

  /** @param {HTMLElement} card */
  takeOut(card) {
    card.remove();
    this.#settle(this.cards);
  }

  /** @param {HTMLElement} card @param {number} at its place among all */
  putIn(card, at) {
    const next = this.cards[at];
    if (next) next.before(card);
    else this.#lists.at(-1)?.append(card);
    this.#settle(this.cards);
  }

  /** See that each list has as many as belong there; most cards stay. @param {HTMLElement[]} cards all, in their order */
  #settle(cards) {
    const lists = this.#lists;
    for (const [at, card] of cards.entries()) {
      const number = at < BILL ? 0 : 1 + Math.floor((at - BILL) / PART);
      const list = (lists[number] ??= this.#grid());
      if (card.parentElement === list) continue;
      if (card.compareDocumentPosition(list) & Node.DOCUMENT_POSITION_FOLLOWING && card.isConnected) list.prepend(card);
      else list.append(card);
    }
  }

  /** One more grid. */
  #grid() {
    const list = /** @type {HTMLElement} */ (this.lastElementChild?.cloneNode());
    this.append(list);
    return list;
  }

  /** The first card in the window, to come back to; null at the top of the page. @returns {?Place} */
  get place() {
    const isSeen = (/** @type {Element} */ each) => each.getBoundingClientRect().bottom > 0;
    const list = this.#lists.find((each) => each.firstElementChild && isSeen(each)); // what is left out is not measured
    const card = /** @type {?HTMLElement} */ ([...(list?.children ?? [])].find(isSeen));
    if (scrollY < 40 || !card) return null;
    const cards = this.cards;
    return { key: card.dataset.key ?? "", at: cards.indexOf(card), top: card.getBoundingClientRect().top, count: cards.length };
  }
}

/** @param {Api.Pick[]} picks @returns {HTMLElement[]} */
const cardsOf = (picks) => [...made(html`${picks.map(pickCard)}`).children];

customElements.define("pick-grid", PickGrid);
