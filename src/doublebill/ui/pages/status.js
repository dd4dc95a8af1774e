/** The status page: how the services, the syncs and the database are, and a text of it for a report. */
import { get, post, wordsOf } from "../lib/api.js";
import { countText, leftText, sinceText } from "../lib/format.js";
import { find, html, render } from "../lib/html.js";
import { lastedText, NAMES, sizeText } from "../lib/services.js";
import { watchSync } from "../lib/sync-watch.js";
import "../parts/model-list.js";
import "../parts/page-notice.js";

const SETUP = "setup.html";
const RUNS_SHOWN = 8;
const UNRESOLVED_SHOWN = 12;
/** @type {Record<string, string>} */
const STATES = { ok: "Works", failed: "Does not work", not_configured: "Not connected" };
/** @type {Record<string, string>} */
const ENDS = { success: "Done", error: "Failed", cancelled: "Cancelled", running: "Running" };

const [notice, health, facts, copy, copied, text, services, sync, counts, models, unresolved, settings] =
  "page-notice #health #facts #copy #copied #diagnostics #services #sync #counts #models #unresolved #settings"
    .split(" ")
    .map((name) => find(document, name));
let wasRunning = false;

notice.addEventListener("notice-act", load);
copy.onclick = copyAll;
find(sync, "button").onclick = toggleSync;
load();
const askSync = watchSync(showSync);

/** @param {string} moment */
const ago = (moment) => sinceText(moment, Date.now());

async function load() {
  try {
    const [told, past, { message }] = await Promise.all([
      get("diagnostics"),
      get("syncs", { limit: RUNS_SHOWN }),
      get("api/health"),
    ]);
    notice.clear();
    health.textContent = message;
    show(told);
    await models.load();
    render(find(sync, "ul"), html`${past.syncs.filter(({ finished_at }) => finished_at).map(run)}`);
  } catch (error) {
    notice.say("problem", error);
  }
}

/** @param {Api.Diagnostics} told */
function show(told) {
  const { version, python, platform, started_at, database } = told;
  const started = ago(started_at);
  const file = `${sizeText(database.size_bytes)}, version ${database.schema_version}`;
  render(facts, pairs({ Version: version, Python: python, System: platform, Started: started, Database: file }));
  text.value = JSON.stringify(told, null, 2);
  copy.hidden = false;
  render(find(services, "ul"), html`${told.services.map(service)}`);
  showCounts(told);
  showUnresolved(told.unresolved, told.counts.unresolved);
  render(find(settings, "dl"), pairs(Object.fromEntries(told.settings.map(({ name, value }) => [name, value]))));
}

/** @param {Record<string, unknown>} named */
const pairs = (named) =>
  html`${Object.entries(named).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}`;

/** @param {Api.Diagnostics["services"][number]} service */
function service({ name, state, words, hint, version }) {
  const connect = html`<p><a href="${SETUP}#${name}">Connect it</a></p>`;
  const trouble = html`<p>${wordsOf({ message: words, hint })}</p>`;
  return html`<li data-state="${state}"><b>${NAMES[name]}</b>
    <span class="state">${STATES[state]}${version && ` · ${version}`}</span>
    ${state === "not_configured" ? connect : state === "failed" && trouble}</li>`;
}

/** @param {Api.Schemas["SyncOut"]} run */
const run = ({ kind, status, message, started_at, finished_at, skipped }) => html`<li
  data-state="${status === "error" ? "failed" : status}"><b>${kind === "full" ? "Full" : "Light"}, ${ago(started_at)}</b
  ><span class="state">${ENDS[status]}${finished_at && ` · ${lastedText(started_at, finished_at)}`}</span>
  ${status !== "success" && html`<p>${message}</p>`}
  ${Object.entries(skipped).map(([reason, count]) => html`<p>Passed over ${countText(count)} ${reason}</p>`)}</li>`;

/** @param {Api.Diagnostics} told */
function showCounts({ counts: told, model }) {
  const named = Object.entries(told).map(([name, count]) => [name === "unresolved" ? "not matched" : name.replaceAll("_", " "), countText(count)]);
  render(find(counts, "dl"), html`${named.map(([name, count]) => html`<div><dt>${name}</dt><dd>${count}</dd></div>`)}`);
  const share = `${countText(model.titles_embedded)} of ${countText(model.titles_total)} titles read`;
  const size = model.dimensions && `, ${model.dimensions} dimensions`;
  render(find(counts, ".model"), html`Text model <code>${model.id}</code>${size}: ${share}`);
}

/** @param {Api.Diagnostics["unresolved"]} titles the first of them @param {number} count */
function showUnresolved(titles, count) {
  find(unresolved, "p").textContent = count
    ? `${countText(count)} of your titles were not found at TMDB and do not count. In Jellyfin, Identify mends that.`
    : "Everything in your library was found at TMDB.";
  const row = (/** @type {Api.Diagnostics["unresolved"][number]} */ { name, year, reason }) =>
    html`<li><b>${name}${year && ` (${year})`}</b><p>${reason}</p></li>`;
  const rest = titles.slice(UNRESOLVED_SHOWN);
  render(find(unresolved, "ul"), html`${titles.slice(0, UNRESOLVED_SHOWN).map(row)}${
    rest.length > 0 &&
    html`<li><details><summary>${countText(rest.length)} more</summary>
      <ul class="table" role="list">${rest.map(row)}</ul></details></li>`
  }`);
}

/** @param {?Api.SystemStatus} status */
function showSync(status) {
  const runs = status?.status === "running";
  const [said, bar, button] = ["[role=status]", "progress", "button"].map((name) => find(sync, name));
  said.textContent = status ? (runs ? runningText(status) : restingText(status)) : "doublebill gives no answer";
  bar.hidden = !runs;
  bar.value = status?.progress ?? 0;
  button.textContent = runs ? "Cancel" : "Sync now";
  if (wasRunning && status && !runs) load();
  wasRunning = runs;
}

/** @param {Api.SystemStatus} status */
const runningText = ({ step, steps, message, progress, left_s }) =>
  [steps.find((each) => each.step === step)?.words ?? message, `${progress} %`, left_s && leftText(left_s)]
    .filter(Boolean)
    .join(" · ");

/** @param {Api.SystemStatus} status */
const restingText = ({ message, last_update, next_sync }) =>
  [message, last_update && `last ${ago(last_update)}`, next_sync && `next ${ago(next_sync)}`]
    .filter(Boolean)
    .join(" · ");

async function toggleSync() {
  const button = find(sync, "button");
  button.disabled = true;
  try {
    await post(wasRunning ? "system/cancel" : "system/regenerate");
    await askSync();
  } catch (error) {
    find(sync, "[role=status]").textContent = wordsOf(error);
  } finally {
    button.disabled = false;
  }
}

/** Over plain HTTP a browser has no clipboard for pages; then the text stands there, chosen, to be copied by hand. */
async function copyAll() {
  try {
    await navigator.clipboard.writeText(text.value);
    copied.textContent = "Copied; it holds no key and no password";
  } catch {
    text.hidden = false;
    text.focus();
    text.select();
    copied.textContent = "Copy what is marked; it holds no key and no password";
  }
}
