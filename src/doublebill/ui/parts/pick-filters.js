import { find, html, render } from "../lib/html.js";
import { pointsText } from "../lib/format.js";

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
    const [form, select] = [find(this, "form"), find(this, "select")];
    render(select, html`<option value="">All genres</option>${names.map((name) => html`<option>${name}</option>`)}`);
    select.value = genre ?? "";
    form.kind.value = ["movie", "tv"].includes(kind ?? "") ? kind : "";
    form.min_score.value = min_score ?? 0;
    this.#tellScore();
  }

  get values() {
    const form = new FormData(find(this, "form"));
    const [kind, genre, score] = ["kind", "genre", "min_score"].map((name) => String(form.get(name) ?? "") || null);
    return { kind, genre, min_score: Number(score) > 0 ? score : null };
  }

  #tellScore() {
    find(this, "output").value = pointsText(Number(this.values.min_score));
  }
}

customElements.define("pick-filters", PickFilters);
