import { html } from "../lib/html.js";
import { href } from "../lib/address.js";
import { factsText, keyOf, ratingText } from "../lib/format.js";
import "./poster-art.js";
import "./score-ring.js";

/** @import {Pick, SimilarTitle, Title} from "../api.d.ts" */

/** @param {Title} title */
export const poster = (title) => html`<poster-art key="${keyOf(title)}" name="${title.title}"
  genres="${title.genres.join("|")}" foot="${factsText(title)}"></poster-art>`;

/** A pick in a list; its link leads to the details. @param {Pick} pick */
export const pickCard = (pick) => html`<li class="card">
  <div class="frame">${poster(pick)}<score-ring value="${pick.scores.hybrid}"></score-ring></div>
  <div class="card-words">
    <h3><a href="${href({ title: keyOf(pick) })}">${pick.title}</a></h3>
    <p class="facts"><span>${factsText(pick)}</span><span class="rating">${ratingText(pick.vote_average)}</span></p>
    <p class="why">${pick.recommended_because[0]}</p>
    <p class="plot">${pick.overview}</p>
  </div>
</li>`;

/** A title near another one. @param {SimilarTitle} title */
export const similarCard = (title) => html`<li class="card small">
  <div class="frame">${poster(title)}</div>
  <div class="card-words">
    <h4><a href="${href({ title: keyOf(title) })}">${title.title}</a></h4>
    <p class="why">${title.shared_features.slice(0, 2).join(", ") || factsText(title)}</p>
  </div>
</li>`;
