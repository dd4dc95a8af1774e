import { wordsOf } from "../lib/api.js";
import { find, template } from "../lib/html.js";
import { send } from "../lib/send.js";
import { addressOf, connectionOf } from "../lib/services.js";

/** What is told beside the name, by the state. @type {Record<string, string>} */
const STATES = {
  open: "Not connected",
  optional: "Optional",
  kept: "Set",
  asking: "Asking",
  ok: "Connected",
  failed: "Not working",
};

/**
 * <service-form data-service="radarr"> with <h2>, <p>, <small data-of="url">, <small data-of="key">, <service-choices>
 * One connection: typed in, tested, kept. Its controls are a template in the page. Fires `service-change` with the new
 * set-up when the server keeps something else, `service-tested` when the service was asked, and `code-wanted` when the
 * set-up code does not fit.
 */
class ServiceForm extends HTMLElement {
  /** @type {?Api.Connection} */
  #kept = null;
  #canWrite = false;
  #refused = ""; // what was typed and did not work, so that it can be kept all the same
  /** Gives the headers that every change needs. */
  headers = () => /** @type {Record<string, string>} */ ({});

  connectedCallback() {
    if (find(this, ".state")) return; // only moved
    this.role = "group";
    this.ariaLabel = find(this, "h2").textContent;
    find(this, "h2 + p").after(template("connection"));
    for (const hint of this.querySelectorAll("small[data-of]")) {
      const label = find(this, `[name="${/** @type {HTMLElement} */ (hint).dataset.of}"]`).previousElementSibling;
      label.after(hint);
    }
    if (!find(this, "[data-of=url]")) find(this, "label:has([name=url])").remove();
    find(this, "form").onsubmit = (/** @type {Event} */ event) => (event.preventDefault(), this.#connect());
    find(this, "form").oninput = () => this.#typed();
    this.addEventListener("click", ({ target }) => this.#do(/** @type {any} */ (target).dataset.does));
  }

  /** @param {Api.Connection} kept @param {boolean} canWrite whether the server lets this page change it */
  show(kept, canWrite) {
    this.#kept = kept;
    this.#canWrite = canWrite;
    this.#open(!kept.has_key && kept.is_required && canWrite);
    find(this, ".kept").textContent = keptText(kept);
    if (kept.has_key && ["ok", "failed"].includes(this.dataset.state ?? "")) return; // it was asked before it was kept
    this.#tell(kept.has_key ? "kept" : kept.is_required ? "open" : "optional");
  }

  /** @param {Api.Diagnostics["services"][number]} health */
  showHealth({ state, words, hint, version }) {
    if (this.dataset.state === "kept") this.#tellAnswer({ ok: state === "ok", words, hint, version });
  }

  /** Ask the service with what is kept. */
  test = () => this.#ask({}).catch((error) => this.#fail(error));

  /** @param {boolean} isOpen */
  #open(isOpen) {
    const { has_key: hasKey = false, set_in = null, url = null, is_required = false } = this.#kept ?? {};
    const [form, change] = [find(this, "form"), find(this, "[data-does=change]")];
    const hadFocus = form.contains(document.activeElement);
    form.reset();
    form.hidden = !isOpen;
    if (form.url) form.url.value = url ?? "";
    this.#askKeyIfNeeded();
    find(this, ".kept").hidden = isOpen || !hasKey;
    find(this, ".keep").hidden = isOpen;
    find(this, "[data-does=cancel]").hidden = is_required && !hasKey;
    find(this, "[data-does=test]").hidden = !hasKey || !(set_in || this.#canWrite); // a played one has no address
    change.textContent = hasKey ? "Change" : "Connect";
    change.hidden = set_in === "environment" || !this.#canWrite;
    find(this, "[data-does=remove]").hidden = change.hidden || !hasKey;
    if (hadFocus && !isOpen) find(this, ".keep button:not([hidden])")?.focus({ preventScroll: true });
  }

  /** @param {string} [does] */
  #do(does) {
    if (does === "test") this.test();
    else if (does === "cancel") this.#cancel();
    else if (does === "remove") this.#change("DELETE").catch((error) => this.#fail(error));
    else if (does === "show") this.#toggleKey();
    else if (does === "change") {
      this.#open(true);
      find(this, "input").focus();
    }
  }

  #cancel() {
    this.#open(false);
    if (this.#kept?.has_key) this.test();
    else this.#tell("optional");
  }

  #toggleKey() {
    const [key, button] = [find(this, "[name=key]"), find(this, "[data-does=show]")];
    const isShown = key.type === "text";
    key.type = isShown ? "password" : "text";
    button.ariaPressed = String(!isShown);
  }

  #typed() {
    this.#refused = "";
    find(this, "form .button").textContent = "Connect";
    this.#askKeyIfNeeded();
  }

  /** A stored key goes to no other address than the one it was stored with. */
  #askKeyIfNeeded() {
    const form = find(this, "form");
    const { has_key: hasKey, url } = this.#kept ?? {};
    const canStay = Boolean(hasKey && form.url && addressOf(form.url.value) === url);
    form.key.required = !canStay;
    form.key.placeholder = canStay ? "The stored one stays" : "";
  }

  /** Keep what was typed once the service takes it; what it does not take is kept when it is asked for again. */
  async #connect() {
    const form = find(this, "form");
    const button = find(form, ".button");
    const typed = connectionOf(Object.fromEntries(new FormData(form)));
    const told = JSON.stringify(typed);
    button.disabled = true;
    try {
      const isMeant = this.#refused === told || (await this.#ask(typed));
      this.#refused = isMeant ? "" : told;
      if (isMeant) await this.#change("PUT", typed);
    } catch (error) {
      this.#fail(error);
    } finally {
      button.disabled = false;
      button.textContent = this.#refused ? "Keep it all the same" : "Connect";
    }
  }

  /** Whether the service answers. @param {{url?: string, key?: string}} typed */
  async #ask(typed) {
    this.#tell("asking");
    const answer = await send("POST", "setup/test", { service: this.dataset.service, ...typed }, this.headers());
    this.#tellAnswer(answer);
    return answer.ok;
  }

  /** @param {Api.Schemas["Tested"]} answer */
  #tellAnswer({ ok, words, hint, version }) {
    this.#tell(ok ? "ok" : "failed", ok ? words : wordsOf({ message: words, hint }), version);
  }

  /** @param {"PUT" | "DELETE"} method @param {object} [body] */
  async #change(method, body) {
    const detail = await send(method, `setup/${this.dataset.service}`, body, this.headers());
    if (method === "DELETE") this.dataset.state = "open";
    this.dispatchEvent(new CustomEvent("service-change", { detail }));
  }

  /** @param {any} problem */
  #fail(problem) {
    this.#tell("failed", wordsOf(problem));
    if (problem.code === "setup_code") this.dispatchEvent(new Event("code-wanted"));
  }

  /** @param {string} state @param {string} [words] @param {?string} [version] */
  #tell(state, words = "", version) {
    this.dataset.state = state;
    find(this, ".state").textContent = [STATES[state], version].filter(Boolean).join(" · ");
    find(this, ".said").textContent = words;
    this.dispatchEvent(new Event("service-tested"));
  }
}

/** @param {Api.Connection} kept */
function keptText({ url, set_in }) {
  if (!set_in) return "Played by the demo";
  const where = url ? `${url} · ` : "";
  return set_in === "environment" ? `${where}Set in the environment, and changed only there` : `${where}Key stored`;
}

customElements.define("service-form", ServiceForm);
