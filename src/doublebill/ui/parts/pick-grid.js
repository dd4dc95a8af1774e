import { html, made } from "../lib/html.js";
import { keyOf } from "../lib/format.js";
import { pickCard } from "./pick-card.js";

const BILL = 2; // the first two are shown large
const CALM = { duration: 420, easing: "cubic-bezier(0.2, 0, 0, 1)" };
const LEAVING = { duration: 200, easing: "ease-in", fill: /** @type {const} */ ("forwards") };

/** All picks as cards. A single one comes and goes while the others glide to their places and the page stays put. */
class PickGrid extends HTMLElement {
  connectedCallback() {
    this.ariaBusy = "true";
    this.#place(Array(12).fill(html`<li class="card ghost"><div class="frame"></div></li>`).map(card), 0);
  }

  get cards() {
    return /** @type {HTMLElement[]} */ ([...this.querySelectorAll(".card")]);
  }

  /** @param {Api.Pick[]} picks */
  show(picks) {
    this.ariaBusy = "false";
    this.#place(picks.map((pick) => card(pickCard(pick))));
  }

  /** Let one more come in at the end. @param {Api.Pick} pick */
  add(pick) {
    this.#glide(() => this.#place([...this.cards, card(pickCard(pick))]));
  }

  /** Let a card leave, and give what brings it back. @param {string} key */
  take(key) {
    const card = this.cards.find(({ dataset }) => dataset.key === key);
    if (!card) return () => {};
    const at = this.cards.indexOf(card);
    const leaving = isStill() ? null : card.animate({ opacity: 0, scale: 0.94 }, LEAVING);
    const gone = Promise.resolve(leaving?.finished).then(() => this.#remove(card, at));
    return async () => {
      await gone;
      leaving?.cancel();
      this.#glide(() => this.#place(this.cards.toSpliced(at, 0, card)));
    };
  }

  /** Say on a card how its title stands. @param {string} key @param {?string} words */
  mark(key, words) {
    const mark = this.querySelector(`[data-key="${key}"] .mark`);
    if (mark) mark.textContent = words;
  }

  /** @param {HTMLElement} card @param {number} at */
  #remove(card, at) {
    const hadFocus = card.contains(document.activeElement);
    this.#glide(() => this.#place(this.cards.filter((each) => each !== card)));
    const next = this.cards[Math.min(at, this.cards.length - 1)];
    if (hadFocus) next?.querySelector("a")?.focus({ preventScroll: true });
  }

  /** @param {HTMLElement[]} cards @param {number} [large] */
  #place(cards, large = BILL) {
    const [bill, rest] = this.querySelectorAll("ul");
    const focused = document.activeElement;
    bill.replaceChildren(...cards.slice(0, large));
    rest.replaceChildren(...cards.slice(large));
    if (this.contains(focused)) /** @type {HTMLElement} */ (focused).focus({ preventScroll: true });
  }

  /** Change places: within a row cards glide, from one row to the next they fade. @param {() => void} change */
  #glide(change) {
    const was = new Map(this.cards.map((card) => [card, card.getBoundingClientRect()]));
    change();
    if (isStill()) return;
    for (const card of this.cards) {
      const [old, now] = [was.get(card), card.getBoundingClientRect()];
      if (!old || old.y !== now.y) card.animate({ opacity: [0, 1] }, CALM);
      else if (old.x !== now.x) card.animate({ translate: [`${old.x - now.x}px`, "0"] }, CALM);
    }
  }
}

/** @type {(markup: any) => HTMLElement} */
const card = (markup) => made(markup).firstElementChild;

const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

customElements.define("pick-grid", PickGrid);
