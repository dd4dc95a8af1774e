import { get, wordsOf } from "../lib/api.js";
import { find, html, render } from "../lib/html.js";
import { aboutModel, actsOf, isUnderWay } from "../lib/models.js";
import { remove, send } from "../lib/send.js";

const UNDER_WAY_MS = 2000;

/**
 * <model-list><ul class="table" role="list">, <p class="said" role="status">
 * The text models, how far each is, and what can be done with it.
 */
class ModelList extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    this.addEventListener("click", ({ target }) => {
      const button = /** @type {HTMLElement} */ (target).closest("button");
      if (button) this.#act(/** @type {HTMLButtonElement} */ (button));
    });
    document.addEventListener("visibilitychange", () => document.hidden || this.load());
  }

  /** Read how the models are, and again while something is under way and somebody looks. */
  async load() {
    clearTimeout(this.#timer);
    const { models } = await get("models");
    this.hidden = !models.length;
    render(find(this, "ul"), html`${models.map(row)}`);
    if (models.some(isUnderWay) && !document.hidden) {
      this.#timer = setTimeout(() => this.load().catch(() => {}), UNDER_WAY_MS);
    }
  }

  /** @param {HTMLButtonElement} button */
  async #act(button) {
    const { act, name } = button.dataset;
    button.disabled = true;
    const said = find(this, ".said");
    try {
      const path = `models/${encodeURIComponent(name ?? "")}`;
      const { message } = await (act === "remove" ? remove(path, {}) : send("POST", `${path}/${act}`));
      said.textContent = message;
      await this.load();
    } catch (error) {
      said.textContent = wordsOf(error);
    } finally {
      button.disabled = false;
    }
  }
}

/** @param {Api.Model} model */
const row = (model) => html`<li data-state="${model.state === "serving" ? "ok" : model.state}"><b>${model.name}</b>
  <span class="state">${model.state === "failed" ? "Cannot be used" : model.message}</span>
  <p>${aboutModel(model)}</p>
  ${model.state === "failed" && html`<p>${wordsOf(model)}</p>`}
  ${model.total && html`<progress max="${model.total}" value="${model.done}" aria-label="${model.name}"></progress>`}
  <p class="acts">${actsOf(model).map(
    ([act, words]) =>
      html`<button class="button quiet" type="button" data-act="${act}" data-name="${model.name}">${words}</button>`,
  )}</p></li>`;

customElements.define("model-list", ModelList);
