/** What the details of a title show, place by place. Markup only; the dialog asks, fills and acts. */
import { href } from "../lib/address.js";
import { imageOf, wordsOf } from "../lib/api.js";
import { countText, factsText, keyOf, marksOf, ratingText } from "../lib/format.js";
import { html } from "../lib/html.js";
import { lengthText } from "../lib/spans.js";
import { EVIDENCE, languageText, placeText, whyLines, whyTitle } from "../lib/why.js";
import { poster } from "./pick-card.js";
import { actions } from "./title-acts.js";
import { similarCard } from "./similar-card.js";

const CAST = 8;

/** The places, in reading order. */
export const FRAME = html`<div class="backdrop" data-slot="backdrop"></div>
  <div class="frame" data-slot="poster"></div>
  <header data-slot="head"></header>
  <div class="deeds"><add-form></add-form><div data-slot="deeds"></div></div>
  <div class="trouble" role="alert" data-slot="trouble" hidden></div>
  <div class="story" data-slot="story"></div>
  <section data-slot="why"></section>
  <section data-slot="score"></section>
  <section data-slot="facts"></section>
  <section class="similar" data-slot="similar"></section>`;

/**
 * @param {Api.Shown} title
 * @param {?Api.SimilarTitle[]} similar null until all is known
 * @param {?import("../lib/api.js").Problem} [trouble] why it is not
 * @returns {Record<string, any>}
 */
export const slotsOf = (title, similar, trouble = null) => ({
  backdrop: backdrop(title),
  poster: poster(title),
  head: head(title, similar),
  deeds: similar && deeds(title),
  trouble: trouble && html`<p>${wordsOf(trouble)}</p><button type="button" class="button" data-do="again">Try again</button>`,
  story: story(title, similar),
  why: similar && !trouble && why(title),
  score: title.scores && html`<h3>How the score adds up</h3><score-breakdown></score-breakdown>`,
  facts: facts(title),
  similar: similar?.length
    ? html`<h3>Similar titles</h3><ul role="list" tabindex="0" aria-label="Similar titles">${similar.map(similarCard)}</ul>`
    : null,
});

/** TMDB's wide picture over a drawn one, which stays where there is none. @param {Api.Shown} title */
function backdrop(title) {
  const [small, large] = ["w780", "w1280"].map((size) => imageOf(size, title.backdrop_path));
  return html`<poster-art key="${keyOf(title)}" name="" genres="${title.genres.join("|")}"></poster-art>${
    large && html`<img alt="" src="${large}" srcset="${small} 780w, ${large} 1280w" sizes="min(68rem, 100vw)">`
  }`;
}

/** @param {Api.Shown} title @param {?Api.SimilarTitle[]} similar */
function head(title, similar) {
  const { original_title: original, tagline, genres } = title;
  const standing = { ...title.standing, is_hidden: isBarred(title, "hidden") };
  return html`<h2 id="title-name" tabindex="-1">${title.title || html`<span class="line"></span>`}</h2>
    ${original && original !== title.title && html`<p class="original">${original}</p>`}
    ${tagline && html`<p class="tagline">${tagline}</p>`}
    <p class="facts">${factList(title).map((fact) => html`<span>${fact}</span>`)}<span class="rating">${ratingText(
      title.vote_average,
    )}${title.vote_count ? html` <small>from ${countText(title.vote_count)} votes</small>` : ""}</span></p>
    ${genres.length > 0 && html`<ul class="tags" role="list" aria-label="Genres">${genres.map((genre) => html`<li>${genre}</li>`)}</ul>`}
    ${
      similar &&
      title.standing &&
      html`<p class="marks">${marksOf(standing).map((mark) => html`<span>${mark}</span>`)}<small>${placeText(title, Date.now())}</small></p>`
    }`;
}

/** @param {Api.Shown} title */
const factList = (title) =>
  [
    factsText(title),
    title.runtime_min && lengthText(title.runtime_min),
    languageText(title.original_language ?? title.language),
  ].filter(Boolean);

/** @param {Api.Shown} title @param {string} bar */
const isBarred = ({ barred_because: bars }, bar) => bars?.includes(bar) ?? false;

/** What can be done besides adding it. @param {Api.Shown} title */
const deeds = (title) => html`${
  title.trailer_url?.startsWith("https:") &&
  html`<a class="button quiet" href="${title.trailer_url}" target="_blank" rel="noreferrer"><svg aria-hidden="true"><use
    href="#icon-play"/></svg>Trailer<span class="unseen"> (YouTube, in a new tab)</span></a>`
}${actions(title, [
  isBarred(title, "watched") || title.standing?.is_watched ? "unwatch" : "watch",
  isBarred(title, "hidden") ? "unhide" : "hide",
])}<button type="button" class="button quiet" data-do="share"><svg aria-hidden="true"><use href="#icon-share"/></svg>Copy link</button>`;

/** @param {Api.Shown} title @param {?Api.SimilarTitle[]} similar */
function story({ overview }, similar) {
  if (overview) return html`<p>${overview}</p>`;
  if (similar) return html`<p class="none">Nothing is told of it here.</p>`;
  return html`<p aria-hidden="true"><span class="line"></span><span class="line"></span><span class="line"></span></p>`;
}

/** @param {Api.Shown} title */
const why = (title) => html`<h3>${whyTitle(title)}</h3>
  <ul class="reasons" role="list">${whyLines(title).map((line) => html`<li>${line}</li>`)}</ul>
  ${Object.entries(EVIDENCE).map(([component, words]) => evidence(title, component, words))}`;

/** The watched titles behind a part of the score. @param {Api.Shown} title @param {string} component @param {[string, string]} words */
function evidence({ because_of: because }, component, [heading, whole]) {
  const found = because?.filter((each) => each.component === component);
  if (!found?.length) return null;
  const most = Math.max(...found.map(({ share }) => share));
  return html`<h4><i class="${component}"></i>${heading}</h4><ul class="because" role="list">${found.map(
    (each) => html`<li>${poster({ vote_average: null, ...each })}<div><a href="${href({ title: keyOf(each) })}">${each.title}</a
      ><progress class="${component}" max="${most}" value="${each.share}" aria-hidden="true"></progress><small>${shareText(each.share)} ${whole}</small></div></li>`,
  )}</ul>`;
}

/** @param {number} share */
const shareText = (share) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/** @param {Api.Shown} title */
function facts({ directors, cast, people, keywords, collection }) {
  const rows = [
    [directors && directors.length > 1 ? "Directors" : "Director", directors?.join(", ")],
    ["Cast", cast?.length ? castList(cast) : !directors?.length && people?.join(", ")],
    ["Part of", collection],
    ["Keywords", keywords?.join(", ")],
  ].filter(([, value]) => value);
  return rows.length ? html`<h3>About it</h3><dl>${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>` : null;
}

/** @param {{name: string, character?: ?string}[]} cast */
const castList = (cast) => html`<ul class="cast" role="list">${cast.slice(0, CAST).map(
  ({ name, character }) => html`<li>${name}${character && html` <small>${character}</small>`}</li>`,
)}</ul>`;
