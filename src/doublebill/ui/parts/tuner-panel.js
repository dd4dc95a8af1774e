import { get, post, wordsOf } from "../lib/api.js";
import { href } from "../lib/address.js";
import { keepFocus, openOver } from "../lib/focus.js";
import { keyOf } from "../lib/format.js";
import { find, html } from "../lib/html.js";
import { fill } from "../lib/slots.js";
import { wear } from "../lib/styles.js";
import { percents } from "../lib/sums.js";
import { FORMULAS } from "../lib/why.js";
import { poster } from "./pick-card.js";

const PREVIEW_MS = 120;
const FIRST = 20;
const NAMES = ["content", "collaborative", "quality", "confidence"];

/**
 * A person's weights: four sliders with their shares, the formula behind them, what differs from the saved ones, what
 * that would change, and its confirmation. What is not confirmed is kept until it is, or is taken back. The formula
 * comes with the weights that one begins with, and stays when sliders are moved. Fires `tuner-save`.
 */
class TunerPanel extends HTMLElement {
  /** What counts until another is confirmed; nothing before it was opened. @type {Api.Tuning} */
  saved = /** @type {any} */ ({});
  /** @type {Api.Tuning["formula"]} */
  #formula = "default";
  /** @type {Api.Preset[]} */
  #presets = [];
  #user = "";
  #isDraft = false;
  #timer = 0;
  #asked = new AbortController();

  connectedCallback() {
    keepFocus(find(this, "dialog"));
    this.addEventListener("input", () => this.#tell());
    this.addEventListener("click", ({ target }) => {
      const { preset, weigh } = /** @type {HTMLElement} */ (target).dataset;
      if (preset) this.#set(this.#presets[Number(preset)].weights);
      else if (weigh === "confirm") this.#confirm();
      else if (weigh === "saved") this.#takeBack();
    });
  }

  /** @param {string} user */
  async open(user) {
    const isKept = user === this.#user && this.#isDraft;
    const [saved, { presets }] = await Promise.all([
      get("settings/tuner", { user }),
      get("tuner/presets"),
      wear("details", "sheets"),
    ]);
    if (find(document, "dialog:modal")) return; // something else was opened meanwhile
    this.saved = saved;
    this.#user = user;
    this.#presets = presets.filter(({ weights }, at) => at === presets.findIndex((each) => isSame(each.weights, weights)));
    fill(this, { presets: html`${this.#presets.map(presetButton)}` });
    if (isKept) this.#tell();
    else this.#set(saved);
    openOver(find(this, "dialog"));
  }

  /** The button goes when it is pressed, so the focus goes to the one beside it. */
  #takeBack() {
    this.#set(this.saved);
    find(this, "footer [data-preset]").focus();
  }

  /** @param {Api.Tuning} tuning */
  #set(tuning) {
    sharesOf(tuning).forEach((share, at) => (find(this, `#dial-${NAMES[at]}`).value = share));
    this.#formula = tuning.formula;
    this.#tell();
  }

  /** What is chosen here; its shares are whole percents, so that a score can be taken apart to the last digit. @returns {Api.Tuning} */
  get #tuning() {
    const dials = NAMES.map((name) => Number(find(this, `#dial-${name}`).value));
    const [content, collaborative, quality, confidence] = percents(dials).map((share) => share / 100);
    return {
      content_weight: content,
      collaborative_weight: collaborative,
      quality_weight: quality,
      confidence_weight: confidence,
      formula: this.#formula,
    };
  }

  /** Say what the share of each is and was, and by which formula, and ask what that would change. */
  #tell() {
    const [shares, before] = [this.#tuning, this.saved].map(sharesOf);
    fill(this, { formula: formulaLine(this.#formula, this.saved.formula) });
    NAMES.forEach((name, at) => this.#tellShare(name, shares[at], before[at]));
    const [isSome, isPending] = [shares.some(Boolean), !isSame(this.#tuning, this.saved)];
    this.#isDraft = isPending;
    find(this, '[data-weigh="confirm"]').disabled = !isSome || !isPending;
    find(this, '[data-weigh="saved"]').hidden = !isPending;
    for (const button of this.querySelectorAll("[data-preset]")) {
      const { preset } = /** @type {HTMLElement} */ (button).dataset;
      button.ariaPressed = String(isSame(this.#presets[Number(preset)].weights, this.#tuning));
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#preview(isSome, isPending), PREVIEW_MS);
  }

  /** @param {string} name @param {number} share @param {number} before */
  #tellShare(name, share, before) {
    const [row, text] = [find(this, `li:has(#dial-${name})`), `${share} %`];
    const isPending = share !== before;
    row.toggleAttribute("data-pending", isPending);
    find(row, "input").setAttribute("aria-valuetext", isPending ? `${text}, saved is ${before} %` : text);
    find(row, "output").value = text;
    find(row, "small").textContent = isPending ? `was ${before} %` : "";
    find(this, `.bar .${name}`).style.setProperty("--points", String(share));
  }

  /** @param {boolean} isSome @param {boolean} isPending */
  async #preview(isSome, isPending) {
    this.#asked.abort();
    const { signal } = (this.#asked = new AbortController());
    if (!isSome) return this.#say("At least one of them has to count", null);
    if (!isPending) return this.#say("This is how it counts now. Move a slider to see what would change.", null);
    try {
      const found = await get("tuner/preview", { user: this.#user, sort: "varied", ...this.#tuning }, signal);
      if (!signal.aborted) this.#say(changeText(found.changed), found);
    } catch (error) {
      if (!signal.aborted) this.#say(wordsOf(error), null);
    }
  }

  async #confirm() {
    find(this, '[data-weigh="confirm"]').disabled = true; // once is enough
    try {
      await post("settings/tuner", { user: this.#user }, this.#tuning);
      this.#isDraft = false;
      find(this, "dialog").close();
      this.dispatchEvent(new Event("tuner-save"));
    } catch (error) {
      find(this, '[data-weigh="confirm"]').disabled = false;
      this.#say(wordsOf(error), null);
    }
  }

  /** @param {string} words @param {?Api.Preview} found */
  #say(words, found) {
    find(this, "[role=status]").textContent = words;
    fill(this, {
      first: found && html`${Array.from({ length: FIRST }, (_, at) => html`<i class="${at >= FIRST - found.changed && "new"}"></i>`)}`,
      changes: found && html`${list("Come in", found.entering)}${list("Go out", found.leaving)}`,
    });
  }
}

/** @param {Api.Tuning} tuning */
const sharesOf = ({ content_weight, collaborative_weight, quality_weight, confidence_weight }) =>
  percents([content_weight, collaborative_weight, quality_weight, confidence_weight]);

/** @param {Api.Tuning} one @param {Api.Tuning} other */
const isSame = (one, other) => one.formula === other.formula && sharesOf(one).join() === sharesOf(other).join();

/** @param {Api.Tuning["formula"]} formula @param {Api.Tuning["formula"]} saved */
const formulaLine = (formula, saved) => html`<b>${FORMULAS[formula].name}</b> ${
  formula !== saved && html`<small>was: ${FORMULAS[saved].name}</small>`
}<span>${FORMULAS[formula].words}</span>`;

/** @param {number} changed */
const changeText = (changed) =>
  changed ? `${changed} of the first ${FIRST} would change` : `The first ${FIRST} stay the same titles`;

/** @param {Api.Preset} preset @param {number} at */
const presetButton = ({ name, words }, at) =>
  html`<button type="button" class="button quiet" data-preset="${at}" aria-pressed="false" title="${words}">${name}</button>`;

/** @param {string} heading @param {Api.Title[]} titles */
const list = (heading, titles) =>
  titles.length > 0 &&
  html`<h3>${heading}</h3><ul class="strip" role="list">${titles.map(
    (title) => html`<li>${poster(title)}<a href="${href({ title: keyOf(title) })}">${title.title}</a></li>`,
  )}</ul>`;

customElements.define("tuner-panel", TunerPanel);
