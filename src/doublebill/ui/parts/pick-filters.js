import { FILTERS } from "../lib/address.js";
import { filterText, pointsText } from "../lib/format.js";
import { find, html, render } from "../lib/html.js";
import { wear } from "../lib/styles.js";

/**
 * Which titles, and in which order. `values` are what to ask for, null where everything is; fires `filter-change`.
 * Fields that are used less fold away, on a phone all but the kind; what is chosen stands below them, and can be
 * taken away there.
 */
class PickFilters extends HTMLElement {
  #told = "";

  connectedCallback() {
    this.#form.oninput = () => this.#tellScore();
    this.#form.onchange = () => this.#changed();
    this.#form.onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#fold(false);
      find(this, ".fold").focus();
    };
    find(this, ".fold").onclick = () => this.#fold(!("unfolded" in this.#form.dataset));
    find(this, ".chips").onclick = (/** @type {any} */ { target }) => this.#drop(target.closest("button"));
  }

  get #form() {
    return find(this, "form");
  }

  get values() {
    const given = new FormData(this.#form);
    const values = Object.fromEntries([...FILTERS, "sort"].map((name) => [name, given.get(name)?.toString() || null]));
    if (!Number(values.min_score)) values.min_score = null;
    for (const name of ["year_from", "year_to"]) if (!this.#form[name].validity.valid) values[name] = null;
    const { year_from: from, year_to: to } = values;
    return from && to && from > to ? { ...values, year_from: to, year_to: from } : values;
  }

  /** Show what is chosen. @param {Record<string, ?string>} chosen */
  show(chosen) {
    for (const name of [...FILTERS, "sort"]) put(this.#form[name], chosen[name] ?? "");
    this.#tell();
  }

  /** Offer what there is. @param {Api.Filters} filters */
  offer({ genres, languages, year_from, year_to }) {
    const { genre, language } = this.values;
    offer(this.#form.genre, genres.map((name) => [name, name]));
    offer(this.#form.language, languages.map(({ code, name, count }) => [code, `${name} (${count})`]));
    this.show({ ...this.values, genre, language });
    const ends = { year_from, year_to };
    for (const [name, end] of Object.entries(ends)) Object.assign(this.#form[name], { min: year_from, max: year_to, placeholder: end });
  }

  #changed() {
    this.#tell();
    this.dispatchEvent(new Event("filter-change"));
  }

  /** Take one filter away, or all. @param {?HTMLButtonElement} chip */
  #drop(chip) {
    if (!chip) return;
    const names = chip.value ? [chip.value] : FILTERS;
    for (const name of names) put(this.#form[name], "");
    this.#changed();
    (find(this, ".chips button") ?? find(this, ".fold")).focus();
  }

  /** @param {boolean} isOpen */
  async #fold(isOpen) {
    await wear("fields");
    this.#form.toggleAttribute("data-unfolded", isOpen);
    find(this, ".fold").ariaExpanded = String(isOpen);
  }

  #tell() {
    const chosen = FILTERS.flatMap((name) => (this.values[name] ? [[name, filterText(name, this.values[name])]] : []));
    const all = chosen.length > 1 && html`<button type="button" class="plain" value="">Clear all</button>`;
    this.#tellScore();
    if (this.#told === String(chosen)) return; // a chip may have the focus
    this.#told = String(chosen);
    if (chosen.length) wear("fields");
    render(find(this, ".chips"), html`${chosen.map(chip)}${all}`);
    find(this, ".fold b").textContent = chosen.length || "";
  }

  #tellScore() {
    find(this, "output").value = pointsText(Number(this.#form.min_score.value));
  }
}

/** @param {string[]} filter */
const chip = ([name, words]) => html`<button type="button" value="${name}"><span class="unseen">Without: </span>${words
}<svg aria-hidden="true"><use href="#icon-unwatch"/></svg></button>`;

/** Put a value into a field; what a list does not offer yet is added to it. @param {any} field @param {string} value */
function put(field, value) {
  if (field.type === "number" && field.matches(":focus")) return; // somebody types there
  if (field.type === "checkbox") field.checked = Boolean(value);
  else field.value = value || (field.type === "range" ? 0 : "");
  if (field.type !== "select-one" || field.value === value) return;
  field.add(new Option(value));
  field.value = value;
}

/** @param {HTMLSelectElement} field @param {string[][]} choices value and words of each */
const offer = (field, choices) =>
  field.replaceChildren(field.options[0], ...choices.map(([value, words]) => new Option(words, value)));

customElements.define("pick-filters", PickFilters);
