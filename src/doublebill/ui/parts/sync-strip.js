import { get, post } from "../lib/api.js";
import { countText, leftText, sinceText } from "../lib/format.js";
import { find } from "../lib/html.js";

const RUNNING_MS = 1000;
const RESTING_MS = 30000;

/** How the sync is, and a button that starts one. Fires `sync-advance` while one runs and `sync-end` after it. */
class SyncStrip extends HTMLElement {
  /** @type {?Api.SystemStatus} */
  status = null;
  #timer = 0;

  connectedCallback() {
    find(this, "button").onclick = () => this.start();
    document.addEventListener("visibilitychange", () => document.hidden || this.#poll());
    this.#poll();
  }

  async start() {
    await post("system/regenerate").catch(() => null); // what is wrong with the server is what the poll then shows
    await this.#poll();
  }

  async #poll() {
    clearTimeout(this.#timer);
    const was = this.status;
    this.status = await get("system/status").catch(() => null);
    this.#show();
    const runs = this.status?.status === "running";
    if (runs) this.dispatchEvent(new Event("sync-advance"));
    else if (was?.status === "running" && this.status) this.dispatchEvent(new Event("sync-end"));
    clearTimeout(this.#timer);
    if (!document.hidden) this.#timer = setTimeout(() => this.#poll(), runs ? RUNNING_MS : RESTING_MS);
  }

  #show() {
    const runs = this.status?.status === "running";
    const [said, detail] = this.status ? (runs ? runningWords : restingWords)(this.status) : ["No connection", ""];
    const [words, more, bar, button] = ["[role]", "small", "progress", "button"].map((name) => find(this, name));
    this.dataset.status = this.status?.status ?? "error";
    if (words.textContent !== said) words.textContent = said; // read out only when it changes
    more.textContent = detail;
    bar.value = this.status?.progress ?? 0;
    bar.hidden = !runs;
    button.disabled = runs;
  }
}

/** @param {Api.SystemStatus} status */
function runningWords({ step, steps, message, progress }) {
  const now = steps.find((each) => each.step === step);
  const count = now?.total ? `${countText(now.done)} of ${countText(now.total)}` : now?.done ? countText(now.done) : "";
  const left = now?.left_s ? leftText(now.left_s) : "";
  return [now?.words ?? message, [`${progress} %`, count, left].filter(Boolean).join(" · ")];
}

/** @param {Api.SystemStatus} status */
function restingWords({ status, message, last_update, next_sync }) {
  const last = last_update && `Updated ${sinceText(last_update, Date.now())}`;
  const next = next_sync && `next sync ${sinceText(next_sync, Date.now())}`;
  const times = [last, next].filter(Boolean).join(" · ");
  return status === "success" ? [times, ""] : [message, times];
}

customElements.define("sync-strip", SyncStrip);
