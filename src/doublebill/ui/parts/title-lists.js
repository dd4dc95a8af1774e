import { href } from "../lib/address.js";
import { get, post, wordsOf } from "../lib/api.js";
import { keepFocus, openOver } from "../lib/focus.js";
import { factsText, keyOf, personText, sinceText } from "../lib/format.js";
import { find, html, made, render } from "../lib/html.js";
import { dayText } from "../lib/spans.js";
import { wear } from "../lib/styles.js";
import { poster } from "./pick-card.js";
import { actions } from "./title-acts.js";

const SEARCH_MS = 200;
const OFFERED = 6;

/** @typedef {"history" | "hidden"} Name */

/** Heading, what it is, what empty means, and the act of each row. @type {Record<Name, [string, string, string, string]>} */
const LISTS = {
  history: [
    "Watched",
    "What is here speaks for your taste. What should not can be taken out.",
    "Nothing yet. A sync reads it, and a film or series can be added here.",
    "unwatch",
  ],
  hidden: [
    "Hidden",
    "Each comes back by itself after four months, and can be shown again at once.",
    "Nothing is hidden.",
    "unhide",
  ],
};

/** What a person watched or hid, with what takes it back. `known` is the dialog's. Fires `lists-close`. */
class TitleLists extends HTMLElement {
  /** @type {Map<string, Api.Title>} */
  known = new Map();
  /** @type {Name} */
  #name = "history";
  #user = "";
  #asked = new AbortController();
  #timer = 0;

  connectedCallback() {
    const dialog = find(this, "dialog");
    keepFocus(dialog);
    dialog.onclose = () => this.dispatchEvent(new Event("lists-close"));
    this.addEventListener("submit", (event) => /** @type {Element} */ (event.target).matches("[role=search]") && event.preventDefault());
    this.addEventListener("input", () => this.#seekSoon());
    document.addEventListener("title-act", (event) => {
      if (dialog.open) this.#hear(/** @type {CustomEvent} */ (event).detail);
    });
  }

  /** @param {Name} name @param {string} user */
  async open(name, user) {
    [this.#name, this.#user] = [name, user];
    await wear("details", "sheets");
    find(this, "h2").textContent = LISTS[name][0];
    find(this, ".about").textContent = LISTS[name][1];
    find(this, "[role=search]").hidden = name !== "history";
    find(this, "input").value = "";
    this.#offer([]);
    find(this, ".listed").replaceChildren();
    openOver(find(this, "dialog"));
    find(this, "dialog").scrollTop = 0;
    await this.#more(0);
  }

  /** Add the next page. @param {number} offset */
  async #more(offset) {
    const [, , empty, act] = LISTS[this.#name];
    const [list, said] = [find(this, ".listed"), find(this, ".end")];
    this.#asked.abort();
    const { signal } = (this.#asked = new AbortController());
    list.ariaBusy = "true";
    if (!offset) said.textContent = "Reading…";
    try {
      const { next, ...page } = await get(this.#name, { user: this.#user, offset }, signal);
      const titles = /** @type {Api.Title[]} */ (Object.values(page).flat());
      for (const title of titles) this.known.set(keyOf(title), { ...this.known.get(keyOf(title)), ...title });
      const rows = made(html`${titles.map((title) => row(title, this.#mayTakeOut(title) ? act : "", this.#user))}`);
      const first = rows.firstElementChild;
      if (offset) list.append(rows);
      else list.replaceChildren(rows);
      render(said, html`${next && html`<button class="button quiet">Show more</button>`}${!list.children.length && empty}`);
      if (next) find(said, "button").onclick = () => this.#more(next);
      if (offset) find(first ?? list, "a")?.focus({ preventScroll: true });
    } catch (error) {
      if (!signal.aborted) this.#sayTrouble(error, offset);
    } finally {
      list.ariaBusy = "false";
    }
  }

  /** Whether it stands in the history that is shown itself. @param {Partial<Api.Watched>} title */
  #mayTakeOut = ({ watched_by: owners }) => !owners || owners.some(({ id }) => id === this.#user);

  /** @param {unknown} error @param {number} offset */
  #sayTrouble(error, offset) {
    const said = find(this, ".end");
    render(said, html`${wordsOf(error)} <button class="button quiet">Try again</button>`);
    find(said, "button").onclick = () => this.#more(offset);
  }

  /** What came in shows at the top, what went out goes, unless it is in another's history too; most rows moved as soon as they were acted on. @param {{name: string, key: string}} act */
  #hear({ name, key }) {
    const [, , , leaving] = LISTS[this.#name];
    const own = find(this, `.listed [data-key="${key}"]`);
    const { watched_by: owners = [] } = /** @type {Partial<Api.Watched>} */ (this.known.get(key) ?? {});
    if (name === leaving && owners.length < 2) own?.remove();
    else if (name === leaving || (`un${name}` === leaving && !own)) this.#more(0);
  }

  #seekSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#seek(find(this, "input").value.trim()), SEARCH_MS);
  }

  /** Find what can be added. @param {string} query */
  async #seek(query) {
    if (!query) return this.#offer([]);
    const asked = { user: this.#user, query, limit: OFFERED };
    try {
      const here = (await get("search", { ...asked, mode: "words" })).results;
      const found = here.some((title) => !title.is_fuzzy) ? here : [...(await this.#seekAway(asked)), ...here];
      const offered = await withStandings(found.slice(0, OFFERED), this.#user);
      if (find(this, "input").value.trim() === query) this.#offer(offered, found.length ? "" : "Nothing by these words");
    } catch (error) {
      this.#offer([], wordsOf(error));
    }
  }

  /** TMDB may know what is not known here; without it there is what is. @param {Api.Query} asked @returns {Promise<Api.Found[]>} */
  #seekAway = (asked) =>
    get("search/tmdb", asked).then(
      ({ results }) => results,
      () => [],
    );

  /** @param {Api.Found[]} found @param {string} [words] */
  #offer(found, words = "") {
    for (const title of found) this.known.set(keyOf(title), { ...title, ...this.known.get(keyOf(title)) });
    render(find(this, ".offered"), html`${found.map((title) => row(title, title.is_watched ? "" : "watch", this.#user))}`);
    find(this, "[role=search] [role=status]").textContent = words;
  }
}

/** Add how titles stand; without it they can be added all the same. @param {Api.Found[]} titles @param {string} user */
async function withStandings(titles, user) {
  const items = titles.map(({ tmdb_id, type }) => ({ tmdb_id, type }));
  const standings = await post("check/status/batch", { user }, { items }).catch(() => ({}));
  return titles.map((title) => ({ ...title, ...standings[keyOf(title)] }));
}

/** @param {Partial<Api.Watched & Api.Hidden>} title @param {string} user */
const note = ({ until, by_hand, completion = 1, last_played_at, why_not, counts, watched_by = [] }, user) =>
  [
    watched_by.some(({ id }) => id !== user) && `by ${watched_by.map(personText).join(", ")}`,
    until && `until ${dayText(until)}`,
    by_hand && "marked by hand",
    !by_hand && last_played_at && sinceText(last_played_at, Date.now()),
    completion < 0.9 && `${Math.round(completion * 100)} % seen`,
    why_not ? `${why_not}, so it does not count` : counts === false && "does not count",
  ].filter(Boolean);

/** @param {Api.Title & {is_watched?: boolean}} title @param {string} act @param {string} user */
const row = (title, act, user) => html`<li data-key="${keyOf(title)}">${poster(title)}<div><h3><a
  href="${href({ title: keyOf(title) })}">${title.title}</a></h3><p class="facts">${[factsText(title), ...note(title, user)].map(
    (words) => html`<span>${words}</span>`,
  )}</p></div>${act ? actions(title, [act]) : title.is_watched && html`<p class="marks"><span>Watched</span></p>`}</li>`;

customElements.define("title-lists", TitleLists);
