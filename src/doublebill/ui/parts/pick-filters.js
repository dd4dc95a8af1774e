import { html, render } from "../lib/html.js";
import { pointsText } from "../lib/format.js";

const KINDS = [
  ["", "All"],
  ["movie", "Films"],
  ["tv", "Series"],
];

/** Kind, genre and least score. Fires `filter-change`; `values` are what to ask for, null where everything is. */
class PickFilters extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", () => this.#tellScore());
    this.addEventListener("change", () => this.dispatchEvent(new Event("filter-change")));
    this.addEventListener("submit", (event) => event.preventDefault());
  }

  /** @param {string[]} genres @param {{kind: ?string, genre: ?string, min_score: ?string}} chosen */
  show(genres, { kind, genre, min_score }) {
    const names = genre && !genres.includes(genre) ? [genre, ...genres] : genres;
    render(
      this,
      html`<form role="search" aria-label="Filters">
        <fieldset class="segments"><legend class="unseen">Kind</legend>${KINDS.map(
          ([value, text]) => html`<label><input type="radio" name="kind" value="${value}"
            ${value === (kind ?? "") && "checked"}>${text}</label>`,
        )}</fieldset>
        <label class="select"><span class="unseen">Genre</span><select name="genre">
          <option value="">All genres</option>${names.map(
          (name) => html`<option ${name === genre && "selected"}>${name}</option>`,
        )}</select></label>
        <label class="slider">Score from <input type="range" name="min_score" max="0.95" step="0.05"
          value="${min_score ?? 0}"><output></output></label>
      </form>`,
    );
    this.#tellScore();
  }

  get values() {
    const form = new FormData(/** @type {HTMLFormElement} */ (this.querySelector("form")));
    const [kind, genre, score] = ["kind", "genre", "min_score"].map((name) => String(form.get(name) ?? "") || null);
    return { kind, genre, min_score: Number(score) > 0 ? score : null };
  }

  #tellScore() {
    const output = /** @type {HTMLOutputElement} */ (this.querySelector("output"));
    output.value = pointsText(Number(this.values.min_score));
  }
}

customElements.define("pick-filters", PickFilters);
