import { post, wordsOf } from "../lib/api.js";
import { leftText, sinceText } from "../lib/format.js";
import { find } from "../lib/html.js";
import { watchSync } from "../lib/sync-watch.js";

/**
 * How the sync is, live, with a button that starts one; its words open the panel. Only what is new is read out, not
 * every count. Fires `sync-advance` while one runs and `sync-end` after it.
 */
class SyncStrip extends HTMLElement {
  /** @type {?Api.SystemStatus} null where the server does not answer */
  status = null;
  #ask = async () => {};
  /** @type {any} the panel, once it was opened */
  #panel = null;

  connectedCallback() {
    find(this, "[data-start]").onclick = () => this.start();
    find(this, ".sync-words").onclick = () => this.#open();
    this.#ask = watchSync((status) => this.#take(status));
  }

  /** Start a full sync; give what is the matter, if something is. */
  async start() {
    try {
      await post("system/regenerate");
      await this.#ask();
    } catch (error) {
      find(this, "[role=status]").textContent = find(this, "small").textContent = wordsOf(error);
      return wordsOf(error);
    }
  }

  get #runs() {
    return this.status?.status === "running";
  }

  /** @param {?Api.SystemStatus} status */
  #take(status) {
    const was = this.status;
    this.status = status;
    this.#show();
    this.#panel?.show(status);
    if (this.#runs) this.dispatchEvent(new Event("sync-advance"));
    else if (was?.status === "running" && status) this.dispatchEvent(new Event("sync-end"));
  }

  #show() {
    const [said, detail] = this.status ? (this.#runs ? runningWords : restingWords)(this.status) : ["No connection", ""];
    const [words, more, bar, button] = [".sync-words span", "small", "progress", "[data-start]"].map((name) =>
      find(this, name),
    );
    const isNew = this.dataset.status !== (this.status?.status ?? "error") || this.#runs;
    this.dataset.status = this.status?.status ?? "error";
    words.textContent = said;
    words.parentElement.hidden = false;
    more.textContent = detail;
    bar.value = this.status?.progress ?? 0;
    bar.hidden = !this.#runs;
    button.disabled = this.#runs;
    this.#announce(isNew ? said : null);
  }

  /** @param {?string} words read out politely, once @param {any} [live] */
  #announce(words, live = find(this, "[role=status]")) {
    if (words && live.textContent !== words) live.textContent = words;
  }

  async #open() {
    await import("./sync-panel.js");
    this.#panel = find(document, "sync-panel");
    await this.#panel.open(this);
  }
}

/** @param {Api.SystemStatus} status */
function runningWords({ step, steps, message, progress, left_s: left }) {
  const now = steps.find((each) => each.step === step);
  return [now?.words ?? message, [`${progress} %`, left && leftText(left)].filter(Boolean).join(" · ")];
}

/** @param {Api.SystemStatus} status */
function restingWords({ status, message, last_update, next_sync }) {
  const last = last_update && `Updated ${sinceText(last_update, Date.now())}`;
  const next = next_sync && `next ${sinceText(next_sync, Date.now())}`;
  const times = [last, next].filter(Boolean).join(" · ");
  return status === "success" && times ? [times, ""] : [message, times];
}

customElements.define("sync-strip", SyncStrip);
