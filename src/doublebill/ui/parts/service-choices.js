import { get, wordsOf } from "../lib/api.js";
import { find, html, render } from "../lib/html.js";
import { send } from "../lib/send.js";
import { freeText } from "../lib/services.js";

const TRIES = 6;
const BETWEEN_MS = 1500;

/**
 * <service-choices data-service="radarr"><h3>, <form> with what can be chosen, <p class="said" role="status">
 * How titles are added to Radarr or Sonarr; a choice is kept as soon as it is made.
 */
class ServiceChoices extends HTMLElement {
  /** @type {Partial<Api.Service["defaults"]>} */
  #kept = {};

  connectedCallback() {
    find(this, "form").onchange = () => this.#keep();
  }

  /** Read what the service has; it is asked behind the answer, so what is not there yet is there soon. */
  async load(tries = TRIES) {
    const { services } = await get("services");
    const service = services.find((each) => each.service === this.dataset.service);
    const isRead = service?.is_configured && service.quality_profiles.length > 0;
    if (isRead) this.#show(/** @type {Api.Service} */ (service));
    this.hidden = !isRead;
    if (service?.is_configured && !isRead && tries > 1) setTimeout(() => this.load(tries - 1), BETWEEN_MS);
  }

  /** @param {Api.Service} service */
  #show({ quality_profiles: profiles, root_folders: folders, defaults }) {
    this.#kept = defaults;
    const form = find(this, "form");
    const chosen = profiles.find(({ id, name }) => [id, name].includes(defaults.quality_profile ?? ""));
    offer(form.quality_profile, "The first", profiles.map(({ id, name }) => [String(id), name]));
    offer(form.root_folder, "The one with most space", folders.map((folder) => [folder.path, folderText(folder)]));
    const values = { ...defaults, quality_profile: chosen?.id };
    for (const [name, value] of Object.entries(values)) if (form[name]) fill(form[name], value);
  }

  async #keep() {
    const form = find(this, "form");
    const { quality_profile: profile, root_folder: folder, ...rest } = Object.fromEntries(new FormData(form));
    const ticks = [...form.querySelectorAll("[type=checkbox]")].map((tick) => [tick.name, tick.checked]);
    const chosen = { quality_profile: Number(profile) || null, root_folder: folder || null };
    const choices = { ...this.#kept, ...rest, ...Object.fromEntries(ticks), ...chosen };
    const said = find(this, ".said");
    try {
      this.#kept = await send("PUT", `services/${this.dataset.service}/defaults`, choices);
      said.textContent = "Kept";
    } catch (error) {
      said.textContent = wordsOf(error);
    }
  }
}

/** @param {Api.Service["root_folders"][number]} folder */
const folderText = ({ path, is_accessible, free_bytes }) =>
  is_accessible ? [path, freeText(free_bytes)].filter(Boolean).join(" · ") : `${path} · out of reach`;

/** @param {HTMLSelectElement} select @param {string} automatic @param {string[][]} values */
function offer(select, automatic, values) {
  const options = values.map(([value, words]) => html`<option value="${value}">${words}</option>`);
  render(select, html`<option value="">${automatic}</option>${options}`);
}

/** @param {any} field @param {unknown} value */
function fill(field, value) {
  if (field.type === "checkbox") field.checked = Boolean(value);
  else field.value = String(value ?? "");
}

customElements.define("service-choices", ServiceChoices);
