import { filled, html } from "../lib/html.js";
import { href } from "../lib/address.js";
import { factsText, keyOf, pointsText, ratingText, serviceOf } from "../lib/format.js";
import "./poster-art.js";

/** How wide a poster is in the grid: half of a phone, else a column. */
const SIZES = "(width < 26rem) 46vw, 15rem";

/** @param {Api.Title & {poster_path?: ?string}} title @param {string} [sizes] how wide it is shown, as for an image */
export const poster = (title, sizes = SIZES) => html`<poster-art key="${keyOf(title)}" name="${title.title}"
  genres="${title.genres.join("|")}" foot="${factsText(title)}" path="${title.poster_path}" sizes="${sizes}"></poster-art>`;

/** A pick in a list, by the page's template; its link leads to the details. @param {Api.Pick} pick */
export const pickCard = (pick) =>
  filled("card", {
    key: keyOf(pick),
    title: pick.title,
    genres: pick.genres.join("|"),
    facts: factsText(pick),
    path: pick.poster_path,
    points: pointsText(pick.scores.hybrid),
    query: href({ title: keyOf(pick) }).slice(1),
    rating: ratingText(pick.vote_average),
    reason: pick.recommended_because[0],
    plot: pick.overview,
    service: serviceOf(pick),
  });
