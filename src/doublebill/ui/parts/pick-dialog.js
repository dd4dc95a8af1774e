import { leave } from "../lib/address.js";
import { getSimilar } from "../lib/api.js";
import { countText, factsText, keyOf, ratingText } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { poster, similarCard } from "./pick-card.js";
import "./score-breakdown.js";

/** @import {Shown, Weights} from "../api.d.ts" */

/** A title's details over the page. `known` holds what is known of titles, by key; similar ones are added to it. */
class PickDialog extends HTMLElement {
  /** @type {Map<string, Shown>} */
  known = new Map();
  #asked = new AbortController();

  connectedCallback() {
    render(this, html`<dialog aria-labelledby="title-name"></dialog>`);
    this.#dialog.addEventListener("close", leave);
    this.#dialog.addEventListener("click", ({ target }) => {
      if (target === this.#dialog || /** @type {Element} */ (target).closest(".close")) this.close();
    });
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
  }

  close() {
    this.#asked.abort();
    this.#dialog.close();
  }

  /** @param {Shown} title @param {Weights} weights */
  open(title, weights) {
    this.#asked.abort();
    this.#asked = new AbortController();
    render(this.#dialog, details(title));
    const breakdown = /** @type {any} */ (this.querySelector("score-breakdown")); // its own file types it
    if (title.scores) breakdown.show(title.scores, weights);
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#dialog.scrollTop = 0;
    this.querySelector("h2")?.focus();
    this.#addSimilar(title);
  }

  /** @param {Shown} title */
  async #addSimilar(title) {
    const { signal } = this.#asked;
    const found = await getSimilar(title, signal).catch(() => null); // the details stand without them
    if (signal.aborted) return;
    const heading = /** @type {Element} */ (this.querySelector("h2"));
    heading.textContent ||= found?.source_title ?? "Unknown title";
    if (!found?.similar_items.length) return;
    for (const item of found.similar_items) {
      if (!this.known.has(keyOf(item))) this.known.set(keyOf(item), item);
    }
    const place = /** @type {HTMLElement} */ (this.querySelector(".similar"));
    render(place, html`<h3>Similar titles</h3><ul role="list">${found.similar_items.map(similarCard)}</ul>`);
  }
}

/** @param {Shown} title */
const details = (title) => html`<article>
  <div class="backcloth">${poster(title)}</div>
  <button class="close" type="button" aria-label="Close"><svg viewBox="0 0 24 24" aria-hidden="true">
    <path d="M6 6l12 12M18 6L6 18"/></svg></button>
  <div class="frame">${poster(title)}</div>
  <header>
    <h2 id="title-name" tabindex="-1">${title.title}</h2>
    <p class="facts"><span>${factsText(title)}</span><span class="rating">${ratingText(title.vote_average)}${
      title.vote_count && html` <small>from ${countText(title.vote_count)} votes</small>`
    }</span></p>
    <ul class="tags" role="list" aria-label="Genres">${title.genres.map((genre) => html`<li>${genre}</li>`)}</ul>
  </header>
  <div class="story"><p>${title.overview}</p>${why(title)}</div>
  ${title.scores && html`<section><h3>How the score adds up</h3><score-breakdown></score-breakdown></section>`}
  <section class="similar"></section>
</article>`;

/** @param {Shown} title */
const why = ({ recommended_because: reasons }) =>
  reasons
    ? html`<h3>Why it is here</h3>
        <ul class="reasons" role="list">${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`
    : html`<p class="reasons">Not among the present picks: owned, watched, hidden, filtered out or further down.</p>`;

customElements.define("pick-dialog", PickDialog);
