import { get, post, wordsOf } from "../lib/api.js";
import { href } from "../lib/address.js";
import { keyOf, percents } from "../lib/format.js";
import { find, html, render } from "../lib/html.js";
import { poster } from "./pick-card.js";

const PREVIEW_MS = 120;
const NAMES = ["content", "collaborative", "quality", "confidence"];

/** A person's weights: four sliders, what they would change, and their confirmation. Fires `tuner-save`. */
class TunerPanel extends HTMLElement {
  /** What counts until it is confirmed. @type {Api.Tuning} */
  saved = {};
  /** @type {Api.Preset[]} */
  #presets = [];
  #user = "";
  #timer = 0;
  #asked = new AbortController();

  connectedCallback() {
    this.addEventListener("input", () => this.#tell());
    this.addEventListener("click", ({ target }) => {
      const { preset, confirm } = /** @type {any} */ (target).dataset;
      if (preset) this.#set(this.#presets[preset].weights);
      else if (confirm) this.#confirm();
    });
  }

  /** @param {string} user */
  async open(user) {
    [this.saved, { presets: this.#presets }] = await Promise.all([
      get("settings/tuner", { user }),
      get("tuner/presets"),
    ]);
    this.#user = user;
    render(find(this, ".presets"), html`${this.#presets.map(presetButton)}`);
    this.#set(this.saved);
    find(this, "dialog").showModal();
  }

  /** @param {Api.Tuning} tuning */
  #set(tuning) {
    for (const name of NAMES) find(this, `#dial-${name}`).value = Math.round(tuning[`${name}_weight`] * 100);
    this.#tell();
  }

  get #tuning() {
    return Object.fromEntries(NAMES.map((name) => [`${name}_weight`, find(this, `#dial-${name}`).value / 100]));
  }

  /** Say what the share of each is and was, and ask what that would change. */
  #tell() {
    const [shares, before] = [this.#tuning, this.saved].map((tuning) =>
      percents(NAMES.map((name) => tuning[`${name}_weight`])),
    );
    NAMES.forEach((name, at) => {
      const [row, text] = [find(this, `li:has(#dial-${name})`), `${shares[at]} %`];
      find(row, "input").ariaValueText = text;
      find(row, "output").value = text;
      find(row, "small").textContent = shares[at] === before[at] ? "" : `was ${before[at]} %`;
      find(this, `.bar .${name}`).style.setProperty("--points", String(shares[at]));
    });
    const isSome = shares.some(Boolean);
    find(this, "[data-confirm]").disabled = !isSome || shares.join() === before.join();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#preview(isSome), PREVIEW_MS);
  }

  /** @param {boolean} isSome */
  async #preview(isSome) {
    this.#asked.abort();
    const { signal } = (this.#asked = new AbortController());
    if (!isSome) return this.#say("At least one of them has to count");
    try {
      const found = await get("tuner/preview", { user: this.#user, ...this.#tuning }, signal);
      if (signal.aborted) return;
      this.#say(found.changed ? `${found.changed} of the first 20 would change` : "The first 20 stay the same");
      render(find(this, ".changes"), html`${list("Come in", found.entering)}${list("Go out", found.leaving)}`);
    } catch (error) {
      if (!signal.aborted) this.#say(wordsOf(error));
    }
  }

  async #confirm() {
    try {
      await post("settings/tuner", { user: this.#user }, this.#tuning);
      find(this, "dialog").close();
      this.dispatchEvent(new Event("tuner-save"));
    } catch (error) {
      this.#say(wordsOf(error));
    }
  }

  /** @param {string} words */
  #say(words) {
    find(this, "[role=status]").textContent = words;
  }
}

/** @param {Api.Preset} preset @param {number} at */
const presetButton = ({ name, words }, at) =>
  html`<button type="button" class="button quiet" data-preset="${at}" title="${words}">${name}</button>`;

/** @param {string} heading @param {Api.Title[]} titles */
const list = (heading, titles) =>
  titles.length > 0 &&
  html`<h3>${heading}</h3><ul class="strip" role="list">${titles.map(
    (title) => html`<li>${poster(title)}<a href="${href({ title: keyOf(title) })}">${title.title}</a></li>`,
  )}</ul>`;

customElements.define("tuner-panel", TunerPanel);
