import { href } from "../lib/address.js";
import { get, post, wordsOf } from "../lib/api.js";
import { factsText, keyOf, marksOf, pointsText, ratingText } from "../lib/format.js";
import { find, html, render } from "../lib/html.js";
import { pieces, viaOf } from "../lib/matching.js";
import { wear } from "../lib/styles.js";
import { poster } from "./pick-card.js";

const HERE_MS = 120;
const TMDB_MS = 450; // each question there counts against a limit
const MOST = 20;
const MOST_NEAR = 8;

/** @typedef {"" | "simple" | "advanced"} Mode empty for here */

/**
 * Find a title, here or at TMDB: a combobox, whose choice is moved by the arrows while the field keeps the focus.
 * The page sets `user`. Fires `title-choose` with the title.
 */
class SearchBox extends HTMLElement {
  user = "";
  #asked = new AbortController();
  #timer = 0;
  /** @type {Api.Found[]} */
  #found = [];
  /** What the shown titles were found by. */
  #shownFor = "";
  #at = -1;
  /** Keys that were pressed before there was what they choose from. @type {KeyboardEvent[]} */
  #early = [];

  connectedCallback() {
    this.addEventListener("submit", (event) => event.preventDefault());
    this.addEventListener("input", () => this.#soon());
    this.addEventListener("keydown", (event) => this.#press(event));
    this.addEventListener("focusin", () => this.#resume());
    this.addEventListener("focusout", ({ relatedTarget: to }) => {
      if (!this.contains(/** @type {?Node} */ (to))) this.#open(false);
    });
    find(this, ".found").onmousedown = (/** @type {Event} */ event) => event.preventDefault(); // the field keeps the focus
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("auxclick", (event) => event.button === 1 && this.#click(event));
    document.addEventListener("keydown", (event) => this.#summon(event));
    if (this.contains(document.activeElement)) this.#resume(); // somebody typed before this part was there
  }

  get #field() {
    return find(this, "input");
  }

  get #words() {
    return this.#field.value.trim();
  }

  /** @returns {Mode} */
  get #mode() {
    return find(this, ":checked").value;
  }

  get #question() {
    return `${this.#mode}|${this.user}|${this.#words}`;
  }

  /** @param {boolean} isOpen */
  #open(isOpen) {
    const isShown = isOpen && Boolean(this.#words);
    this.#field.ariaExpanded = String(isShown);
    find(this, ".found").hidden = !isShown;
    if (!isShown) this.#move(-1);
  }

  /** What was asked stays; what was not is asked now. */
  #resume() {
    if (!this.#words) return;
    if (this.#shownFor === this.#question) this.#open(true);
    else this.#soon();
  }

  /** A slash leads here from wherever nothing is typed. @param {KeyboardEvent} event */
  #summon(event) {
    const isTyping = /** @type {Element} */ (event.target).closest("input:not([type=radio],[type=range]), textarea, select");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || isTyping || find(document, "dialog[open]")) return;
    event.preventDefault();
    this.#field.select();
  }

  /** Ask once the typing rests; an answer that a later question overtook is aborted and never shows. */
  #soon() {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.#asked = new AbortController();
    this.#early = [];
    find(this, "ul").ariaBusy = "true";
    if (!this.#words) return this.#show([], "");
    this.#timer = setTimeout(() => this.#ask(), this.#mode ? TMDB_MS : HERE_MS);
  }

  async #ask() {
    const [{ signal }, mode, question] = [this.#asked, this.#mode, this.#question];
    const query = { user: this.user, query: this.#words, mode, limit: MOST };
    await wear("details", "sheets");
    this.#await();
    try {
      const answer = await get(mode ? "search/tmdb" : "search", query, signal);
      if (signal.aborted) return;
      const isNear = areOnlyNear(answer.results);
      const results = answer.results.slice(0, isNear ? MOST_NEAR : MOST);
      const hint = "hint" in answer && answer.hint ? `. ${answer.hint}` : "";
      this.#shownFor = question;
      this.#show(results, saidOf(results, mode) + hint, !mode && isNear && "simple");
      for (const event of this.#early.splice(0)) this.#press(event);
      await this.#mark(results, signal);
    } catch (error) {
      if (!signal.aborted) this.#show([], wordsOf(error), mode);
    }
  }

  /** What is shown stays until the answer is there; where nothing is shown, its outline is. */
  #await() {
    if (!this.#found.length) {
      find(this, "[role=status]").textContent = "";
      render(find(this, "ul"), html`${[1, 2, 3].map(() => html`<li class="ghost" role="presentation"><i></i><b></b></li>`)}`);
    }
    this.#open(this.contains(document.activeElement));
  }

  /** Say how they stand; TMDB's tell it themselves. @param {Api.Found[]} titles @param {AbortSignal} signal */
  async #mark(titles, signal) {
    const unknown = titles.filter(({ is_watched }) => is_watched === undefined);
    if (!unknown.length) return;
    const items = unknown.map(({ tmdb_id, type }) => ({ tmdb_id, type }));
    const standings = await post("check/status/batch", { user: this.user }, { items }, signal).catch(() => ({})); // a detail
    if (signal.aborted) return;
    titles.forEach((title, at) => render(find(this, `#found-${at} .marks`), marks({ ...title, ...standings[keyOf(title)] })));
  }

  /** @param {Api.Found[]} found @param {string} said @param {Mode | false} [next] where else to look, or again */
  #show(found, said, next = false) {
    this.#found = found;
    const list = find(this, "ul");
    list.ariaBusy = "false";
    render(list, html`${found.map((title, at) => option(title, at, this.#words))}`);
    list.scrollTop = 0;
    find(this, "[role=status]").textContent = said;
    render(find(this, ".next"), next === false ? html`` : nextButton(next, this.#mode));
    this.#open(this.contains(document.activeElement));
    this.#move(-1);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const place = /** @type {HTMLElement} */ (event.target);
    const row = /** @type {?HTMLElement} */ (place.closest("[role=option]"));
    const next = /** @type {?HTMLElement} */ (place.closest("[data-next]"));
    if (row && (event.ctrlKey || event.metaKey || event.button)) return void open(href({ title: keyOf(this.#found[Number(row.dataset.at)]) }));
    if (row) return this.#choose(Number(row.dataset.at));
    if (next) {
      find(this, `[value="${next.dataset.next}"]`).checked = true;
      this.#soon();
    }
    if (next || (event.detail && place.closest(".segments"))) setTimeout(() => this.#field.focus()); // a label gives it to its own control
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") return this.#escape(event);
    const [count, step] = [this.#found.length, { ArrowDown: 1, ArrowUp: -1 }[event.key]];
    if (event.target !== this.#field || (!step && event.key !== "Enter")) return;
    event.preventDefault();
    if (find(this, "[aria-busy=true]") && (step || this.#early.length)) return this.#early.push(event);
    if (this.#shownFor !== this.#question) return step ? undefined : this.#soon();
    if (!count) return;
    if (!step) return this.#choose(Math.max(this.#at, 0));
    this.#open(true);
    this.#move(this.#at < 0 && step < 0 ? count - 1 : (this.#at + step + count) % count);
  }

  /** The first closes what was found and keeps the words, the second takes them away. @param {KeyboardEvent} event */
  #escape(event) {
    event.preventDefault();
    const isOpen = !find(this, ".found").hidden;
    this.#field.focus();
    if (isOpen) return this.#open(false);
    this.#field.value = "";
    this.#soon();
  }

  /** @param {number} at */
  #move(at) {
    this.#at = at;
    for (const row of find(this, "ul").querySelectorAll("[role=option]")) {
      const isChosen = Number(row.dataset.at) === at;
      row.ariaSelected = String(isChosen);
      if (isChosen) row.scrollIntoView({ block: "nearest" });
    }
    if (at < 0) this.#field.removeAttribute("aria-activedescendant");
    else this.#field.setAttribute("aria-activedescendant", `found-${at}`);
  }

  /** @param {number} at */
  #choose(at) {
    this.#open(false);
    if (matchMedia("(pointer: coarse)").matches) this.#field.blur(); // or it comes back, with a keyboard over the page
    this.dispatchEvent(new CustomEvent("title-choose", { detail: this.#found[at] }));
  }
}

/** @param {Api.Found} title @param {number} at @param {string} words */
const option = (title, at, words) => html`<li id="found-${at}" data-at="${at}" role="option" aria-selected="false">${poster(
  title,
)}<div><b>${lit(title.title, areOnlyNear([title]) ? "" : words)}</b>
  <p class="facts"><span>${factsText(title)}</span><span class="rating">${ratingText(title.vote_average)}</span>${
    typeof title.hybrid === "number" && html`<span>Score ${pointsText(title.hybrid)}</span>`
  }</p>${via(title, words)}</div><p class="marks">${marks(title)}</p></li>`;

/** @param {Api.Found} title */
const marks = (title) => html`${marksOf(title).map((mark) => html`<span>${mark}</span>`)}`;

/** @param {Api.Found} title @param {string} words */
function via(title, words) {
  const found = viaOf(title, words);
  return found && html`<p class="via">${found.label} ${found.text && (found.isName ? html`<mark>${found.text}</mark>` : lit(found.text, words))}</p>`;
}

/** A text whose typed words are marked. @param {string} text @param {string} words */
const lit = (text, words) => html`${pieces(text, words).map((piece, at) => (at % 2 ? html`<mark>${piece}</mark>` : piece))}`;

/** @param {Mode} next @param {Mode} mode */
const nextButton = (next, mode) =>
  html`<button type="button" class="button quiet" data-next="${next}">${next === mode ? "Try again" : "Look at TMDB"}</button>`;

/** Whether none has the words, so that TMDB may know better. @param {Api.Found[]} results */
const areOnlyNear = (results) => results.every(({ matched_via: via }) => via === "meaning" || via === "likeness");

/** @param {Api.Found[]} results @param {Mode} mode */
function saidOf(results, mode) {
  const { length: count } = results;
  const keys = matchMedia("(hover: hover)").matches ? "; arrows choose, Enter opens" : "";
  const like = results.some(({ is_fuzzy: isFuzzy }) => isFuzzy) ? "look alike" : "are nearest in meaning";
  if (count && areOnlyNear(results)) return `No title has these words. These ${like}:`;
  if (count) return `${count} ${count > 1 ? "titles" : "title"}${keys}`;
  return mode ? "TMDB knows nothing by these words" : "Nothing here by these words; TMDB may know it";
}

customElements.define("search-box", SearchBox);
