import { get, post, wordsOf } from "../lib/api.js";
import { factsText, keyOf, marksOf, ratingText } from "../lib/format.js";
import { find, html, render } from "../lib/html.js";
import { poster } from "./pick-card.js";

const HERE_MS = 150;
const TMDB_MS = 450; // each question there counts against a limit

/** Find a title, here or at TMDB. The page sets `user`. Fires `title-choose` with the title. */
class SearchBox extends HTMLElement {
  user = "";
  #asked = new AbortController();
  #timer = 0;
  /** @type {Api.Found[]} */
  #found = [];
  #at = -1;

  connectedCallback() {
    const list = find(this, "ul");
    this.addEventListener("submit", (event) => event.preventDefault());
    this.addEventListener("input", () => this.#soon());
    this.addEventListener("keydown", (event) => this.#press(event));
    this.addEventListener("focusin", () => this.#open(Boolean(this.#words)));
    this.addEventListener("focusout", ({ relatedTarget: to }) => {
      if (!this.contains(/** @type {?Node} */ (to))) this.#open(false);
    });
    find(this, ".found").onmousedown = (/** @type {Event} */ event) => event.preventDefault(); // the field keeps the focus
    find(this, ".segments").onclick = (/** @type {MouseEvent} */ { detail }) =>
      detail && setTimeout(() => this.#field.focus()); // a label gives it to its own control
    list.onclick = (/** @type {any} */ { target }) => {
      const row = target.closest("li");
      if (row) this.#choose([...list.children].indexOf(row));
    };
    document.addEventListener("keydown", (event) => {
      const isTyping = /** @type {Element} */ (event.target).closest("[type=search], textarea");
      if (event.key !== "/" || event.ctrlKey || event.metaKey || isTyping || find(document, "dialog[open]")) return;
      event.preventDefault();
      this.#field.select();
    });
  }

  get #field() {
    return find(this, "input");
  }

  get #words() {
    return this.#field.value.trim();
  }

  /** @param {boolean} isOpen */
  #open(isOpen) {
    this.#field.ariaExpanded = String(isOpen);
    find(this, ".found").hidden = !isOpen;
  }

  /** Ask once the typing rests; an answer that a later question overtook is aborted and never shows. */
  #soon() {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.#asked = new AbortController();
    const mode = find(this, ":checked").value;
    if (!this.#words) return this.#show([], "", false);
    this.#timer = setTimeout(() => this.#ask(mode, this.#asked.signal), mode ? TMDB_MS : HERE_MS);
  }

  /** @param {string} mode empty for here @param {AbortSignal} signal */
  async #ask(mode, signal) {
    const query = { user: this.user, query: this.#words, mode, limit: 12 };
    try {
      const { results } = await get(mode ? "search/tmdb" : "search", query, signal);
      const marked = await this.#marked(results);
      if (!signal.aborted) this.#show(marked, saidOf(results.length, mode));
    } catch (error) {
      if (!signal.aborted) this.#show([], wordsOf(error));
    }
  }

  /** Add how they stand. @param {Api.Found[]} titles */
  async #marked(titles) {
    const items = titles.map(({ tmdb_id, type }) => ({ tmdb_id, type }));
    const [standings, { hidden }] = await Promise.all([
      post("check/status/batch", { user: this.user }, { items }),
      get("hidden", { user: this.user, limit: 200 }),
    ]);
    const keys = hidden.map(keyOf);
    return titles.map((title) => ({ ...title, ...standings[keyOf(title)], is_hidden: keys.includes(keyOf(title)) }));
  }

  /** @param {Api.Found[]} found @param {string} said */
  #show(found, said, isOpen = true) {
    this.#found = found;
    render(find(this, "ul"), html`${found.map(option)}`);
    find(this, "[role=status]").textContent = said;
    this.#open(isOpen && this.contains(document.activeElement));
    this.#move(-1);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.key === "Escape") {
      this.#field.value = "";
      this.#soon();
      return this.#field.focus();
    }
    const [count, step] = [this.#found.length, { ArrowDown: 1, ArrowUp: -1 }[event.key]];
    if (event.target !== this.#field || !count || (!step && event.key !== "Enter")) return;
    event.preventDefault();
    if (!step) return this.#choose(Math.max(this.#at, 0));
    this.#open(true);
    this.#move(this.#at < 0 && step < 0 ? count - 1 : (this.#at + step + count) % count);
  }

  /** @param {number} at */
  #move(at) {
    this.#at = at;
    [...find(this, "ul").children].forEach((row, index) => {
      row.ariaSelected = String(index === at);
      if (index === at) row.scrollIntoView({ block: "nearest" });
    });
    this.#field.setAttribute("aria-activedescendant", at < 0 ? "" : `found-${at}`);
  }

  /** @param {number} at */
  #choose(at) {
    this.#open(false);
    this.dispatchEvent(new CustomEvent("title-choose", { detail: this.#found[at] }));
  }
}

/** @param {Api.Found} title @param {number} at */
const option = (title, at) => html`<li id="found-${at}" role="option">${poster(title)}<div><b>${title.title}</b>
  <p class="facts"><span>${factsText(title)}</span><span class="rating">${ratingText(title.vote_average)}</span>${
    title.matched_via?.includes(":") && html`<span>${title.matched_via.replace(":", ": ")}</span>`
  }</p></div><p class="marks">${marksOf(title).map((mark) => html`<span>${mark}</span>`)}</p></li>`;

/** @param {number} count @param {string} mode */
function saidOf(count, mode) {
  if (count) return `${count} ${count > 1 ? "titles" : "title"}; arrows choose, Enter opens`;
  return mode ? "TMDB knows nothing by these words" : "Nothing here by these words; TMDB may know it";
}

customElements.define("search-box", SearchBox);
