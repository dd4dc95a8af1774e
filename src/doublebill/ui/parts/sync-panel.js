import { get, post, wordsOf } from "../lib/api.js";
import { keepFocus, openOver } from "../lib/focus.js";
import { countText, leftText, sinceText } from "../lib/format.js";
import { find, html } from "../lib/html.js";
import { fill } from "../lib/slots.js";
import { wear } from "../lib/styles.js";

/** @typedef {HTMLElement & {status: ?Api.SystemStatus, start: () => Promise<?string | undefined>}} Strip */

/** All there is to say of the sync: its steps while it runs, what was passed over, the last ones and the next. */
class SyncPanel extends HTMLElement {
  /** @type {?Strip} */
  #strip = null;
  #wasRunning = false;

  connectedCallback() {
    keepFocus(find(this, "dialog"));
    find(this, "[data-sync]").onclick = () => this.#act(this.#runs ? () => post("system/cancel") : this.#start);
  }

  /** @param {Strip} strip */
  async open(strip) {
    this.#strip = strip;
    await wear("details", "sheets");
    this.show(strip.status);
    openOver(find(this, "dialog"));
    await this.#showPast();
  }

  get #runs() {
    return this.#strip?.status?.status === "running";
  }

  #start = async () => {
    const trouble = await this.#strip?.start();
    if (trouble) throw new Error(trouble);
    return { message: "" };
  };

  /** @param {() => Promise<{message: string}>} act */
  async #act(act) {
    const button = find(this, "[data-sync]");
    button.disabled = true;
    try {
      const { message } = await act();
      this.#say(this.#runs ? message : "");
    } catch (error) {
      this.#say(wordsOf(error));
    } finally {
      button.disabled = false;
    }
  }

  /** @param {string} words */
  #say(words) {
    find(this, "[role=status]").textContent = words;
  }

  /** @param {?Api.SystemStatus} status */
  show(status) {
    if (!status) return fill(this, { now: html`<p>doublebill gives no answer; it is asked again and again.</p>` });
    const runs = status.status === "running";
    fill(this, { now: nowWords(status, runs), skipped: skippedWords(status.skipped), times: timesWords(status) });
    this.#showSteps(status, runs);
    const button = find(this, "[data-sync]");
    button.textContent = runs ? "Cancel" : "Sync now";
    button.classList.toggle("quiet", runs);
    if (this.#wasRunning && !runs) this.#end();
    this.#wasRunning = runs;
  }

  /** Steps are written once; then only their numbers change, so that their bars glide. @type {(status: Api.SystemStatus, runs: boolean) => void} */
  #showSteps({ steps, step: current }, runs) {
    fill(this, { steps: steps.length ? html`<ol class="steps" role="list">${steps.map(stepRow)}</ol>` : null });
    for (const step of steps) {
      const row = find(this, `[data-step="${step.step}"]`);
      const { state, share, words } = stateOf(step, step.step === current, runs);
      row.dataset.state = state;
      find(row, "progress").value = share;
      find(row, "small").textContent = words;
    }
  }

  #end() {
    this.#say(""); // how it ended is told above
    this.#showPast();
  }

  async #showPast() {
    const past = await get("syncs", { limit: 5 }).catch(() => null); // a detail
    const rows = past?.syncs.filter((sync) => sync.finished_at).map(pastRow);
    fill(this, { past: rows?.length ? html`<h3>Earlier</h3><ul class="past" role="list">${rows}</ul>` : null });
  }
}

/** @param {Api.SystemStatus} status @param {boolean} runs */
function nowWords({ status, message, progress, left_s: left, kind }, runs) {
  if (!runs) return html`<p class="${status === "error" && "alarm"}">${message}</p>`;
  const more = [`${progress} %`, left && leftText(left)].filter(Boolean).join(" · ");
  return html`<p><b>${kind === "light" ? "Reading what is new" : "A full sync is running"}</b> ${more}</p>`;
}

/** @param {Api.SystemStatus} status */
function timesWords({ last_full_sync: full, last_light_sync: light, next_sync: next }) {
  const times = Object.entries({ "Last full sync": full ?? "", "Last light sync": light ?? "", ...(next && { "Next sync": next }) });
  return html`<dl>${times.map(
    ([name, moment]) => html`<div><dt>${name}</dt><dd>${moment ? sinceText(moment, Date.now()) : "not yet"}</dd></div>`,
  )}</dl>`;
}

/** @param {Record<string, number>} skipped */
function skippedWords(skipped) {
  const reasons = Object.entries(skipped);
  if (!reasons.length) return null;
  return html`<h3>Passed over</h3><ul class="past" role="list">${reasons.map(
    ([reason, count]) => html`<li>${countText(count)} ${reason}</li>`,
  )}</ul>`;
}

/** @param {Api.Step} step */
const stepRow = ({ step, words }) => html`<li data-step="${step}"><span>${words}</span><small></small
  ><progress max="1" value="0" aria-label="${words}"></progress></li>`;

/** @param {Api.Step} step @param {boolean} isNow @param {boolean} runs */
function stateOf({ done, total, rate_per_s: rate, left_s: left, finished }, isNow, runs) {
  const count = total ? `${countText(done)} of ${countText(total)}` : done ? countText(done) : "";
  if (finished) return { state: "done", share: 1, words: done || total ? countText(Math.max(done, total ?? 0)) : "nothing new" };
  const isBegun = runs && (isNow || done > 0);
  const pace = isBegun && rate ? `${rate < 10 ? rate.toFixed(1) : countText(Math.round(rate))} a second` : "";
  const words = [count, pace, isBegun && left && leftText(left)].filter(Boolean).join(" · ");
  return { state: isBegun ? "now" : "next", share: total ? Math.min(1, done / total) : 0, words };
}

/** @param {{kind: string, status: string, message: string, finished_at: ?string}} sync */
const pastRow = ({ kind, status, message, finished_at: end }) => html`<li><span><b>${
  kind === "full" ? "Full" : "Light"
}</b> <span class="${status === "error" && "alarm"}">${message}</span></span><small>${
  end && sinceText(end, Date.now())
}</small></li>`;

customElements.define("sync-panel", SyncPanel);
