import { html } from "../lib/html.js";
import { href } from "../lib/address.js";
import { factsText, keyOf, pointsText, ratingText, serviceOf } from "../lib/format.js";
import "./poster-art.js";

/** How wide a poster is in the grid: half of a phone, else a column. */
const SIZES = "(width < 26rem) 46vw, 15rem";

/** Their icons are symbols in the page. @type {Record<string, string>} */
const BUTTONS = {
  add: "Add",
  watch: "Watched",
  unwatch: "Not watched",
  hide: "Hide 4 months",
  unhide: "Show again",
};

/** @param {Api.Title & {poster_path?: ?string}} title @param {string} [sizes] how wide it is shown, as for an image */
export const poster = (title, sizes = SIZES) => html`<poster-art key="${keyOf(title)}" name="${title.title}"
  genres="${title.genres.join("|")}" foot="${factsText(title)}" path="${title.poster_path}" sizes="${sizes}"></poster-art>`;

/** Buttons that do something to a title; the page hears of them by `data-act`. @param {Api.Title} title */
export const actions = (title, acts = ["add", "watch", "hide"]) => html`<div class="actions">${acts.map(
  (act) => html`<button type="button" data-act="${act}" title="${BUTTONS[act]}${
    act === "add" && ` to ${serviceOf(title)}`
  }" aria-label="${BUTTONS[act]}: ${title.title}"><svg aria-hidden="true"><use href="#icon-${act}"/></svg
  ><span>${BUTTONS[act]}</span></button>`,
)}</div>`;

/** @param {string} points */
const ring = (points) => html`<div class="ring"><svg viewBox="0 0 40 40" aria-hidden="true"><circle cx="20" cy="20" r="17"/>
  <circle class="arc" cx="20" cy="20" r="17" pathLength="100" stroke-dasharray="${points} 100"/></svg
  ><b><span class="unseen">Score </span>${points}<span class="unseen"> of 100</span></b></div>`;

/** A pick in a list; its link leads to the details. @param {Api.Pick} pick */
export const pickCard = (pick) => html`<li class="card" data-key="${keyOf(pick)}">
  <div class="frame">${poster(pick)}${ring(pointsText(pick.scores.hybrid))}<p class="mark"></p></div>
  <div class="card-words">
    <h3><a href="${href({ title: keyOf(pick) })}">${pick.title}</a></h3>
    <p class="facts"><span>${factsText(pick)}</span><span class="rating">${ratingText(pick.vote_average)}</span></p>
    <p class="why">${pick.recommended_because[0]}</p>
    <p class="plot">${pick.overview}</p>
    ${actions(pick)}
  </div>
</li>`;
