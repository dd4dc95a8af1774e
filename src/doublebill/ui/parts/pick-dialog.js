import { leave } from "../lib/address.js";
import { get } from "../lib/api.js";
import { keepFocus, openOver } from "../lib/focus.js";
import { keyOf } from "../lib/format.js";
import { find, render } from "../lib/html.js";
import { pathOf } from "../lib/keys.js";
import { fill } from "../lib/slots.js";
import { wear } from "../lib/styles.js";
import "./add-form.js";
import "./score-breakdown.js";
import { FRAME, slotsOf } from "./title-details.js";

/** @import {Problem} from "../lib/api.js" */
/** @typedef {{title: Api.Shown, weights: Api.Weights, user: string}} Showing */

/**
 * A title's details over the page. `known` holds what is known of titles, by key; what is met here is added to it.
 * What is known already shows at once, the rest as it arrives, and what shows stays.
 */
class PickDialog extends HTMLElement {
  /** @type {Map<string, Api.Shown>} */
  known = new Map();
  #asked = new AbortController();
  /** @type {?Showing} */
  #shown = null;
  #below = "";

  connectedCallback() {
    const dialog = this.#dialog;
    render(find(this, "article"), FRAME);
    keepFocus(dialog);
    dialog.onclose = () => this.#closed();
    dialog.onscroll = () => dialog.toggleAttribute("data-scrolled", dialog.scrollTop > find(this, "h2").offsetTop);
    this.addEventListener("error", ({ target }) => /** @type {Element} */ (target).matches("img") && this.#loseImage(target), true);
    this.addEventListener("click", (event) => this.#click(event));
    addEventListener("online", () => dialog.open && this.#renew());
    document.addEventListener("title-act", (event) => {
      const { key } = /** @type {CustomEvent} */ (event).detail;
      if (dialog.open && this.#shown && key === keyOf(this.#shown.title)) this.#renew();
    });
  }

  /** @returns {HTMLDialogElement} */
  get #dialog() {
    return find(this, "dialog");
  }

  close() {
    this.#asked.abort();
    this.#dialog.close();
  }

  /** @param {Api.Shown} title @param {Api.Weights} weights @param {string} user */
  async open(title, weights, user) {
    this.#asked.abort();
    const { signal } = (this.#asked = new AbortController());
    await wear("details");
    if (signal.aborted) return;
    this.#shown = { title, weights, user };
    fill(this, slotsOf(title, null));
    find(this, "add-form").replaceChildren();
    this.#place(title);
    if (!this.#dialog.open) {
      this.#below = document.title;
      openOver(this.#dialog);
    }
    this.#dialog.scrollTop = 0;
    find(this, "h2").focus({ preventScroll: true });
    await this.#ask(signal);
  }

  /** Ask for all there is to know. @param {AbortSignal} signal */
  async #ask(signal) {
    const { title, user } = /** @type {Showing} */ (this.#shown);
    const [details, similar] = await Promise.all([
      get(`titles/${pathOf(title)}`, { user }, signal).catch((/** @type {Problem} */ problem) => problem),
      get(`similar/${title.tmdb_id}`, { type: title.type }, signal).catch(() => null), // what is known stands without
    ]);
    if (signal.aborted) return;
    const trouble = details instanceof Error ? details : null;
    const whole = { ...title, ...(trouble ? {} : details), title: /** @type {any} */ (details).title || title.title || "Unknown title" };
    const met = similar?.similar_items ?? [];
    for (const each of met) if (!this.known.has(keyOf(each))) this.known.set(keyOf(each), each);
    this.known.set(keyOf(title), whole);
    fill(this, slotsOf(whole, met, trouble?.status === 404 ? null : trouble));
    this.#place(whole);
    if (!trouble || trouble.status === 404) this.#offer(whole);
    await this.#showScore(whole);
    if (!this.#dialog.contains(document.activeElement)) find(this, "h2").focus({ preventScroll: true });
  }

  /** Ask again, and keep the place. */
  #renew() {
    this.#asked.abort();
    this.#asked = new AbortController();
    return this.#ask(this.#asked.signal);
  }

  /** Acts by the page need to know of which title. @param {Api.Shown} title */
  #place(title) {
    find(this, "article").dataset.key = keyOf(title);
    find(this, "form").dataset.name = title.title;
    if (this.#below && title.title) document.title = `${title.title} · doublebill`;
  }

  /** @param {Api.Shown} title */
  #offer(title) {
    const { in_library: isOwned, is_requested: isRequested } = title.standing ?? {};
    const form = find(this, "add-form");
    const [key, was] = [`${keyOf(title)} ${isOwned} ${isRequested}`, form.dataset.of];
    if (key === was && form.firstChild) return; // what was chosen there stays
    form.dataset.of = key;
    if (isOwned) form.replaceChildren();
    else form.show(title, Boolean(isRequested));
  }

  /** @param {Api.Shown} title */
  async #showScore({ scores }) {
    const { weights, user } = /** @type {Showing} */ (this.#shown);
    if (!scores) return;
    const isKnown = Object.values(weights).some(Boolean);
    const own = isKnown ? weights : await get("settings/tuner", { user }).then(weightsOf, () => null); // opened before any list
    if (own) find(this, "score-breakdown")?.show(scores, own);
  }

  /** A picture that is not there leaves the drawn one. @param {any} image */
  #loseImage(image) {
    image.remove();
  }

  /** @param {MouseEvent} event */
  #click({ target }) {
    const button = /** @type {?HTMLElement} */ (/** @type {Element} */ (target).closest("[data-do]"));
    if (button?.dataset.do === "share") this.#share();
    else if (button?.dataset.do === "again") this.#renew();
  }

  async #share() {
    const { title } = /** @type {Showing} */ (this.#shown);
    const url = new URL(`?title=${keyOf(title)}`, location.href).href; // who opens it sees it as themselves
    const toast = find(document, "toast-bar");
    if (matchMedia("(pointer: coarse)").matches && navigator.share) {
      return navigator.share({ title: title.title, url }).catch(() => null); // changed their mind
    }
    toast.say((await copy(url, this.#dialog)) ? "The link is copied" : `Copy this link: ${url}`);
  }

  #closed() {
    document.title = this.#below;
    this.#below = "";
    leave();
    if (document.activeElement?.closest("body > :not(pick-dialog)")) return; // some leave the focus in what has closed
    const key = find(this, "article").dataset.key;
    const place = find(document, `main [data-key="${key}"] a`) ?? find(document, "main a, main button");
    place?.focus({ preventScroll: true });
  }
}

/** @param {Api.Tuning} tuning @returns {Api.Weights} */
const weightsOf = ({ content_weight: content, collaborative_weight: collab, quality_weight: quality, confidence_weight: confidence }) => ({
  content,
  collab,
  quality,
  confidence,
});

/**
 * Copy a text; without TLS browsers have no clipboard for pages, but still their old command for what is selected.
 * @param {string} text @param {Element} place where a field may stand for a moment
 */
async function copy(text, place) {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const [field, focused] = [document.createElement("textarea"), /** @type {?HTMLElement} */ (document.activeElement)];
  field.value = text;
  field.className = "unseen";
  place.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return isCopied;
}

customElements.define("pick-dialog", PickDialog);
