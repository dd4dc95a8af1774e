import { addTitle } from "../lib/acts.js";
import { get, wordsOf } from "../lib/api.js";
import { serviceOf } from "../lib/format.js";
import { find, html, render, template } from "../lib/html.js";

/** Ask Radarr or Sonarr for a title, with a choice of profile, folder and seasons, from a template in the page. */
class AddForm extends HTMLElement {
  /** @param {Api.Title} title */
  async show(title) {
    const name = serviceOf(title);
    const found = await get("services").catch(() => null); // adding then tells what is the matter
    const service = found?.services.find((each) => each.service === name.toLowerCase());
    if (service && !service.is_configured) return render(this, html`<p class="said">${service.missing}</p>`);
    this.replaceChildren(template("add"));
    const form = find(this, "form");
    find(form, "button").textContent = `Add to ${name}`;
    if (service) fill(form, service);
    if (title.type === "movie") find(form, ".seasons").remove();
    form.onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#add(title);
    };
  }

  /** @param {Api.Title} title */
  async #add(title) {
    const [form, button, said] = ["form", "button", ".said"].map((name) => find(this, name));
    const { quality_profile: id, search, ...rest } = Object.fromEntries(new FormData(form));
    button.disabled = true;
    said.textContent = `Asking ${serviceOf(title)}`;
    try {
      const options = { ...rest, search: Boolean(search), ...(id && { quality_profile: Number(id) }) };
      said.textContent = (await addTitle(title, options)).message;
    } catch (error) {
      said.textContent = wordsOf(error);
      button.disabled = false;
    }
  }
}

/** Offer what the service has. @param {any} form @param {Api.Service} service */
function fill(form, { quality_profiles, root_folders, defaults, problem }) {
  const folders = root_folders.filter((folder) => folder.is_accessible);
  const free = (/** @type {?number} */ bytes) => (bytes ? ` (${Math.round(bytes / 1e9)} GB free)` : "");
  render(form.quality_profile, html`${quality_profiles.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}`);
  render(
    form.root_folder,
    html`${folders.map(({ path, free_bytes }) => html`<option value="${path}">${path}${free(free_bytes)}</option>`)}`,
  );
  const chosen = quality_profiles.find(({ id, name }) => [id, name].includes(defaults.quality_profile ?? ""));
  if (chosen) form.quality_profile.value = chosen.id;
  if (defaults.root_folder) form.root_folder.value = defaults.root_folder;
  if (defaults.monitor) form.monitor.value = defaults.monitor;
  find(form, ".said").textContent = problem;
}

customElements.define("add-form", AddForm);
