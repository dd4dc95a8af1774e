import { href } from "../lib/address.js";
import { factsText, keyOf } from "../lib/format.js";
import { html } from "../lib/html.js";
import { poster } from "./pick-card.js";

/** A title near another one. @param {Api.SimilarTitle} title */
export const similarCard = (title) => html`<li class="card small">
  <div class="frame">${poster(title, "7.5rem")}</div>
  <div class="card-words">
    <h4><a href="${href({ title: keyOf(title) })}">${title.title}</a></h4>
    <p class="why">${title.shared_features.slice(0, 2).join(", ") || factsText(title)}</p>
  </div>
</li>`;
