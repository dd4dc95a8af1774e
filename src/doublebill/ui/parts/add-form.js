import { addTitle, request, takeBack, troubleOf } from "../lib/acts.js";
import { get, wordsOf } from "../lib/api.js";
import { serviceOf } from "../lib/format.js";
import { find, html, render, template } from "../lib/html.js";
import { freeText } from "../lib/services.js";
import { planText } from "../lib/why.js";

const PLAN_MS = 250;

/**
 * Ask Radarr or Sonarr for a title, with a choice of profile, folder and seasons and the plan that comes of it, from a
 * template in the page. What is added can be taken back here too.
 */
class AddForm extends HTMLElement {
  /** @type {?Api.Title} */
  #title = null;
  #timer = 0;
  #asked = new AbortController();

  /** Offer to add a title, or to take it back. @param {Api.Title} title @param {boolean} isRequested */
  async show(title, isRequested) {
    this.#title = title;
    const found = await get("services").catch(() => null); // adding then tells what is the matter
    if (title !== this.#title) return; // another one is shown by now
    const service = found?.services.find((each) => each.service === serviceOf(title).toLowerCase());
    const hadFocus = this.contains(document.activeElement);
    if (isRequested) this.#offerBack(title);
    else this.#offerToAdd(title, service);
    if (hadFocus) this.#focus();
  }

  /** @param {Api.Title} title @param {Api.Service} [service] */
  #offerToAdd(title, service) {
    if (service && !service.is_configured) return render(this, html`<p class="said">${service.missing}</p>`);
    this.replaceChildren(template("add"));
    const form = find(this, "form");
    find(form, "button").textContent = `Add to ${serviceOf(title)}`;
    if (service) offer(form, service);
    if (title.type === "movie") find(form, ".seasons").remove();
    form.onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#add(title);
    };
    form.onchange = () => this.#planSoon(title);
    find(form, "details").ontoggle = () => this.#planSoon(title);
  }

  /** @param {Api.Title} title */
  #offerBack(title) {
    render(this, html`<button type="button" class="button quiet">Take back from ${serviceOf(title)}</button>`);
    const button = find(this, "button");
    button.onclick = async () => {
      button.disabled = true;
      await takeBack(title, stage());
      button.disabled = false;
    };
  }

  /** @param {HTMLFormElement} form */
  #options(form) {
    const { quality_profile: id, search, force, ...rest } = Object.fromEntries(new FormData(form));
    return { ...rest, search: Boolean(search), force: Boolean(force), ...(id && { quality_profile: Number(id) }) };
  }

  /** @param {Api.Title} title */
  async #add(title) {
    const [form, button] = [find(this, "form"), find(this, "form button")];
    button.disabled = true;
    const isThere = await request(title, stage(), this.#options(form));
    button.disabled = false;
    if (isThere && this.#title === title) this.#offerBack(title);
    this.#focus();
  }

  #focus() {
    find(this, "button")?.focus({ preventScroll: true });
  }

  /** @param {Api.Title} title */
  #planSoon(title) {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.#asked = new AbortController();
    this.#timer = setTimeout(() => this.#plan(title, this.#asked.signal), PLAN_MS);
  }

  /** Say what would be sent, without sending it. @param {Api.Title} title @param {AbortSignal} signal */
  async #plan(title, signal) {
    const [form, said] = [find(this, "form"), find(this, ".said")];
    if (!find(this, "[open]")) return;
    try {
      const { plan } = await addTitle(title, { ...this.#options(form), dry_run: true });
      if (signal.aborted || !plan) return;
      said.textContent = planText(plan, title);
      find(form, ".force").hidden = !plan.is_excluded;
    } catch (error) {
      if (!signal.aborted) said.textContent = troubleOf(error, title);
    }
  }
}

/** What is done here is told by the page's toast, and the details renew themselves. @returns {Api.Stage} */
const stage = () => ({ toast: find(document, "toast-bar"), take: () => () => {}, changed: () => {} });

/** Offer what the service has. @param {any} form @param {Api.Service} service */
function offer(form, { quality_profiles, root_folders, defaults, problem }) {
  const folders = root_folders.filter((folder) => folder.is_accessible);
  const free = (/** @type {?number} */ bytes) => (bytes === null ? "" : ` (${freeText(bytes)})`);
  render(form.quality_profile, html`${quality_profiles.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}`);
  render(
    form.root_folder,
    html`${folders.map(({ path, free_bytes }) => html`<option value="${path}">${path}${free(free_bytes)}</option>`)}`,
  );
  const chosen = quality_profiles.find(({ id, name }) => [id, name].includes(defaults.quality_profile ?? ""));
  if (chosen) form.quality_profile.value = chosen.id;
  if (defaults.root_folder) form.root_folder.value = defaults.root_folder;
  if (defaults.monitor) form.monitor.value = defaults.monitor;
  form.search.checked = defaults.search ?? true;
  find(form, ".said").textContent = problem && wordsOf({ message: problem });
}

customElements.define("add-form", AddForm);
