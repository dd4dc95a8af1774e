/** The set-up page: four connections, then the first sync, then the way to the picks; nobody is sent from a form. */
import { get, post, wordsOf } from "../lib/api.js";
import { leftText, sinceText } from "../lib/format.js";
import { find } from "../lib/html.js";
import { missingOf, missingText } from "../lib/services.js";
import { watchSync } from "../lib/sync-watch.js";
import "../parts/page-notice.js";
import "../parts/service-choices.js";
import "../parts/service-form.js";

const CODE = "doublebill.code";
/** @type {Record<string, string>} */
const CHECKS = { ok: "connected", failed: "not working", kept: "set", asking: "asking" };

const [notice, code, start] = ["page-notice", "#code", ".start"].map((name) => find(document, name));
const [said, more, look, button, bar] = "[role=status] small a button progress"
  .split(" ")
  .map((name) => find(start, name));
const forms = [...document.querySelectorAll("service-form")].map((form) => /** @type {any} */ (form));

/** @type {?Api.Setup} */
let setup = null;
/** @type {?Api.SystemStatus} */
let sync = null;
/** @type {number | undefined} the progress at which titles were looked for */
let asked;

code.code.value = sessionStorage.getItem(CODE) ?? "";
code.onsubmit = (/** @type {Event} */ event) => event.preventDefault();
code.oninput = () => sessionStorage.setItem(CODE, code.code.value.trim());
for (const form of forms) {
  form.headers = () => (code.hidden ? {} : { "X-Setup-Code": code.code.value.trim() });
  form.addEventListener("service-change", (/** @type {CustomEvent<Api.Setup>} */ { detail }) => showSetup(detail));
  form.addEventListener("service-tested", showChecks);
  form.addEventListener("code-wanted", () => code.hidden || code.code.focus());
}
notice.addEventListener("notice-act", load);
button.onclick = begin;
load();
const askSync = watchSync(showSync);

async function load() {
  try {
    showSetup(await get("setup"));
    const { services } = await get("diagnostics"); // asks each service, so it takes its time
    for (const health of services) find(document, `#${health.name}`).showHealth(health);
  } catch (error) {
    notice.say("problem", error);
  }
}

/** @param {?Api.SystemStatus} status */
function showSync(status) {
  sync = status;
  showStart();
}

/** What has not changed keeps its place: a form that somebody types into stays as it is. @param {Api.Setup} shown */
function showSetup(shown) {
  const { services, needs_code, can_write } = (setup = shown);
  code.hidden = !needs_code;
  if (can_write) notice.clear();
  else notice.say(services.some(({ set_in }) => set_in) ? "locked" : "played");
  for (const kept of services) {
    const form = find(document, `#${kept.name}`);
    const told = JSON.stringify(kept);
    if (form.dataset.told === told) continue;
    form.dataset.told = told;
    form.show(kept, can_write);
    find(form, "service-choices")?.load();
  }
  showChecks();
  showStart();
}

function showChecks() {
  for (const { name, is_required } of setup?.services ?? []) {
    const check = find(document, `[data-check="${name}"]`);
    const { state } = find(document, `#${name}`).dataset;
    check.dataset.state = state;
    find(check, "small").textContent = CHECKS[state] ?? (is_required ? "to do" : "optional");
  }
}

async function begin() {
  button.disabled = true;
  try {
    await post("system/regenerate");
    await askSync();
  } catch (error) {
    more.textContent = wordsOf(error);
  } finally {
    button.disabled = false;
  }
}

function showStart() {
  if (!setup) return;
  const missing = missingOf(setup.services);
  const runs = sync?.status === "running";
  bar.hidden = !runs;
  bar.value = sync?.progress ?? 0;
  button.hidden = runs || missing.length > 0 || !setup.is_complete;
  button.textContent = sync?.last_update ? "Sync again" : "Start";
  button.classList.toggle("quiet", Boolean(sync?.last_update));
  said.textContent = missing.length ? missingText(missing) : runs ? stepWords() : restWords();
  more.textContent = runs ? timeWords() : sync?.status === "error" ? sync.message : "";
  showLook(runs, missing.length > 0);
}

const stepWords = () => sync?.steps.find(({ step }) => step === sync?.step)?.words ?? sync?.message ?? "";
const timeWords = () => [`${sync?.progress} %`, sync?.left_s && leftText(sync.left_s)].filter(Boolean).join(" · ");

function restWords() {
  if (sync?.status === "error") return "The last sync failed";
  if (sync?.last_update) return `All is set. Last sync ${sinceText(sync.last_update, Date.now())}`;
  return "All is set. The first sync takes a few minutes; first titles are there sooner";
}

/** The first titles are there long before the sync ends. @param {boolean} runs @param {boolean} isEarly */
async function showLook(runs, isEarly) {
  const isNews = asked !== sync?.progress; // the status comes four times a second
  asked = sync?.progress;
  if (look.hidden && isNews && !isEarly && (runs || sync?.last_update)) {
    const health = await get("api/health").catch(() => null); // only a short cut
    look.hidden = !health?.total_recommendations;
  }
  look.textContent = runs ? "See the first titles" : "See the titles";
}
