import { href } from "../lib/address.js";
import { keyOf } from "../lib/format.js";
import { find, html, render } from "../lib/html.js";
import { pickCard, poster } from "./pick-card.js";

/**
 * <pick-rows> Lists that run sideways, each led by a watched title that the others are like. The arrows stand where
 * there is a pointer; fingers swipe.
 */
class PickRows extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", ({ target }) => {
      const button = /** @type {HTMLElement} */ (target).closest(".arrows button");
      if (button) this.#go(/** @type {HTMLButtonElement} */ (button));
    });
    this.addEventListener("scroll", ({ target }) => tellEnds(/** @type {Element} */ (target)), { capture: true, passive: true });
  }

  /** @param {Api.Row[]} rows */
  show(rows) {
    render(this, html`${rows.map(rowOf)}`);
    this.hidden = !rows.length;
    this.querySelectorAll(".reel").forEach(tellEnds);
  }

  /** Let a title leave all rows, and give what brings it back. @param {string} key */
  take(key) {
    const cards = /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(`.reel [data-key="${key}"]`));
    for (const card of cards) card.hidden = true;
    return () => cards.forEach((card) => (card.hidden = false));
  }

  /** Go on by what is seen, or back. @param {HTMLButtonElement} button */
  #go({ value, parentElement }) {
    const reel = find(/** @type {Element} */ (parentElement?.closest("section")), ".reel");
    reel.scrollBy({ left: Number(value) * (reel.clientWidth - 80) });
  }
}

/** An arrow that leads nowhere is not to be pressed. @param {Element} reel */
function tellEnds(reel) {
  /** @type {any} */
  const [back, on] = reel.parentElement?.querySelectorAll(".arrows button") ?? [];
  if (!on) return;
  back.disabled = reel.scrollLeft < 8;
  on.disabled = reel.scrollLeft + reel.clientWidth > reel.scrollWidth - 8;
}

/** The words before the title are small. @param {Api.Row} row */
function heading({ because, words }) {
  const [before] = words.endsWith(because.title) ? [words.slice(0, -because.title.length)] : [];
  return before ? html`<small>${before}</small> ${because.title}` : words;
}

/** @param {Api.Row} row */
const rowOf = (row) => html`<section aria-label="${row.words}">
  <header>${poster(row.because, "8rem")}<h2><a href="${href({ title: keyOf(row.because) })}">${heading(row)}</a></h2></header>
  <ul class="reel" tabindex="-1" role="list">${row.recommendations.map(pickCard)}</ul>
  <p class="arrows"><button type="button" value="-1" aria-label="Back">${arrow}</button
  ><button type="button" value="1" aria-label="On">${arrow}</button></p>
</section>`;

const arrow = html`<svg aria-hidden="true"><use href="#icon-on"/></svg>`;

customElements.define("pick-rows", PickRows);
