import { href } from "../lib/address.js";
import { get, wordsOf } from "../lib/api.js";
import { dayText, factsText, keyOf, sinceText } from "../lib/format.js";
import { find, html, made, render } from "../lib/html.js";
import { actions, poster } from "./pick-card.js";

/** Heading, what empty means, and the act of each row. */
const LISTS = {
  history: ["Watched", "Nothing yet. A sync reads it, and a film or series can be marked as watched.", "unwatch"],
  hidden: ["Hidden", "Nothing is hidden. What you hide comes back by itself after four months.", "unhide"],
};

/** What a person watched or hid, with what takes it back. `known` is the dialog's. Fires `lists-close`. */
class TitleLists extends HTMLElement {
  /** @type {Map<string, Api.Title>} */
  known = new Map();

  connectedCallback() {
    find(this, "dialog").onclose = () => this.dispatchEvent(new Event("lists-close"));
  }

  /** @param {"history" | "hidden"} name @param {string} user */
  open(name, user) {
    find(this, "h2").textContent = LISTS[name][0];
    find(this, "ul").replaceChildren();
    find(this, "dialog").showModal();
    this.#more(name, user, 0);
  }

  /** @param {"history" | "hidden"} name @param {string} user @param {number} offset */
  async #more(name, user, offset) {
    const [, empty, act] = LISTS[name];
    const [list, said] = [find(this, "ul"), find(this, "ul + p")];
    try {
      const { next, ...page } = await get(name, { user, offset });
      const titles = Object.values(page).flat();
      for (const title of titles) this.known.set(keyOf(title), title);
      list.append(made(html`${titles.map((title) => row(title, act))}`));
      render(said, html`${next && html`<button class="button quiet">More</button>`}${!list.children.length && empty}`);
      if (next) find(said, "button").onclick = () => this.#more(name, user, next);
    } catch (error) {
      said.textContent = wordsOf(error);
    }
  }
}

/** @param {Partial<Api.Watched & Api.Hidden>} title */
const note = ({ until, by_hand, completion = 1, last_played_at, why_not }) =>
  [
    until && `until ${dayText(until)}`,
    by_hand && "marked by hand",
    !by_hand && last_played_at && sinceText(last_played_at, Date.now()),
    completion < 0.9 && `${Math.round(completion * 100)} % seen`,
    why_not && `${why_not}, so it does not count`,
  ].filter(Boolean);

/** @param {Api.Title} title @param {string} act */
const row = (title, act) => html`<li data-key="${keyOf(title)}">${poster(title)}<div><h3><a
  href="${href({ title: keyOf(title) })}">${title.title}</a></h3><p class="facts">${[factsText(title), ...note(title)].map(
    (words) => html`<span>${words}</span>`,
  )}</p></div>${actions(title, [act])}</li>`;

customElements.define("title-lists", TitleLists);
