import { leave } from "../lib/address.js";
import { get } from "../lib/api.js";
import { countText, factsText, keyOf, lengthText, marksOf, pathOf, ratingText } from "../lib/format.js";
import { find, html, render } from "../lib/html.js";
import { whyLines, whyTitle } from "../lib/why.js";
import "./add-form.js";
import { actions, poster, similarCard } from "./pick-card.js";
import "./score-breakdown.js";

/** A title's details over the page. `known` holds what is known of titles, by key; what is met here is added to it. */
class PickDialog extends HTMLElement {
  /** @type {Map<string, Api.Shown>} */
  known = new Map();
  #asked = new AbortController();

  connectedCallback() {
    this.#dialog.onclose = leave;
  }

  get #dialog() {
    return find(this, "dialog");
  }

  close() {
    this.#asked.abort();
    this.#dialog.close();
  }

  /** @param {Api.Shown} title @param {Api.Weights} weights @param {string} user */
  async open(title, weights, user) {
    this.#asked.abort();
    const { signal } = (this.#asked = new AbortController());
    this.#show(title, weights, null);
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#dialog.scrollTop = 0;
    find(this, "h2").focus();
    const [details, similar] = await Promise.all([
      get(`titles/${pathOf(title)}`, { user }, signal).catch(() => null), // what is known already stands without
      get(`similar/${title.tmdb_id}`, { type: title.type }, signal).catch(() => null),
    ]);
    if (signal.aborted) return;
    this.#show({ ...title, title: title.title || "Unknown title", ...details }, weights, similar?.similar_items ?? []);
    find(this, "h2").focus({ preventScroll: true });
  }

  /** @param {Api.Shown} title @param {Api.Weights} weights @param {?Api.SimilarTitle[]} similar null until all is known */
  #show(title, weights, similar) {
    for (const met of similar ?? []) if (!this.known.has(keyOf(met))) this.known.set(keyOf(met), met);
    if (similar) this.known.set(keyOf(title), title);
    const article = find(this, "article");
    article.dataset.key = keyOf(title);
    render(article, details(title, similar));
    if (title.scores) find(this, "score-breakdown").show(title.scores, weights);
    find(this, "add-form")?.show(title);
  }
}

/** @param {Api.Shown} title @param {?Api.SimilarTitle[]} similar */
const details = (title, similar) => html`<div class="backcloth">${poster(title)}</div>
  <div class="frame">${poster(title)}</div>
  <header>
    <h2 id="title-name" tabindex="-1">${title.title}</h2>
    <p class="facts"><span>${factsText(title)}</span>${
      title.runtime_min ? html`<span>${lengthText(title.runtime_min)}</span>` : ""
    }<span class="rating">${ratingText(title.vote_average)}${
      title.vote_count ? html` <small>from ${countText(title.vote_count)} votes</small>` : ""
    }</span></p>
    <ul class="tags" role="list" aria-label="Genres">${title.genres.map((genre) => html`<li>${genre}</li>`)}</ul>
    ${similar && deeds(title)}
  </header>
  <div class="story"><p>${title.overview}</p>${similar && why(title)}</div>
  ${title.people && html`<section><dl>${facts(title)}</dl></section>`}
  ${title.scores && html`<section><h3>How the score adds up</h3><score-breakdown></score-breakdown></section>`}
  ${
    similar?.length
      ? html`<section class="similar"><h3>Similar titles</h3><ul role="list">${similar.map(similarCard)}</ul></section>`
      : ""
  }`;

/** How it stands, and what can be done. @param {Api.Shown} title */
function deeds(title) {
  const [isWatched, isHidden] = ["watched", "hidden"].map((bar) => title.barred_because?.includes(bar));
  const standing = { ...title, ...title.standing, is_hidden: isHidden };
  const canAdd = !standing.in_library && !standing.is_requested;
  return html`<p class="marks">${marksOf(standing).map((mark) => html`<span>${mark}</span>`)}</p>
    <div class="deeds">${canAdd && html`<add-form></add-form>`}${actions(title, [
      isWatched ? "unwatch" : "watch",
      isHidden ? "unhide" : "hide",
    ])}</div>`;
}

/** @param {Api.Shown} title */
const why = (title) => html`<h3>${whyTitle(title)}</h3>
  <ul class="reasons" role="list">${whyLines(title).map((line) => html`<li>${line}</li>`)}</ul>`;

/** @param {Api.Shown} title */
const facts = ({ title, original_title, people, keywords, collection }) =>
  [
    ["Original", original_title !== title && original_title],
    ["People", people?.join(", ")],
    ["Keywords", keywords?.join(", ")],
    ["Part of", collection],
  ].map(([name, value]) => value && html`<div><dt>${name}</dt><dd>${value}</dd></div>`);

customElements.define("pick-dialog", PickDialog);
