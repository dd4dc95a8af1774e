/** Doing something to a title: it takes effect at once, can be undone, and what fails is put back. */
import { post, wordsOf } from "./api.js";
import { keyOf, serviceOf } from "./format.js";
import { pathOf } from "./keys.js";
import { remove } from "./send.js";

/** @import {Problem} from "./api.js" */
/** @typedef {(user: string, title: Api.Title) => Promise<Api.Said>} Telling */

/** @type {(path: string) => Telling} */
const to = (path) => (user, { tmdb_id, title, type }) => post(path, { user }, { tmdb_id, title, type });
/** @type {(path: string) => Telling} */
const from = (path) => (user, title) => remove(`${path}/${pathOf(title)}`, { user });

/** What to say, what to tell the server, and the act that takes it back. @type {Record<string, [string, Telling, string]>} */
const ACTS = {
  watch: ["counts as watched", to("history"), "unwatch"],
  unwatch: ["no longer counts as watched", from("history"), "watch"],
  hide: ["is hidden for 4 months", to("dislike"), "unhide"],
  unhide: ["is shown again", from("hidden"), "hide"],
};

/** @param {{type: string}} title */
const doorOf = (title) => `add/${serviceOf(title).toLowerCase()}`;

/** Ask Radarr or Sonarr. @param {Api.Title} title @param {object} [options] @returns {Promise<Api.Said & {plan?: Api.Plan}>} */
export const addTitle = (title, options) =>
  post(doorOf(title), {}, { tmdb_id: title.tmdb_id, title: title.title, ...options });

/** @param {string} name @param {string} user @param {Api.Title} title @param {Api.Stage} stage @returns {Promise<void>} */
export async function perform(name, user, title, stage) {
  if (name === "add") return void request(title, stage);
  const [words, tell, back] = ACTS[name];
  const restore = once(stage.take());
  const told = tell(user, title);
  const isDone = told.then(
    () => (announce(name, title, stage), true),
    (problem) => (restore(), sayTrouble(problem, title, stage, () => perform(name, user, title, stage)), false),
  );
  if (!(await stage.toast.say(`${title.title} ${words}`, { act: "Undo", holds: told }))) return;
  restore();
  if (!(await isDone)) return; // that was told already
  await ACTS[back][1](user, title).then(
    () => announce(back, title, stage),
    (problem) => sayTrouble(problem, title, stage),
  );
}

/**
 * Ask Radarr or Sonarr for a title, and offer to take it back; tell whether it is there now.
 * @param {Api.Title} title @param {Api.Stage} stage @param {object} [options] @returns {Promise<boolean>}
 */
export async function request(title, stage, options) {
  stage.toast.say(`Asking ${serviceOf(title)} for ${title.title}`);
  try {
    const { status, message } = await addTitle(title, options);
    const unmark = stage.mark?.("Requested");
    announce("add", title, stage);
    const isUndone = stage.toast.say(message, { act: status === "success" ? "Undo" : "" });
    isUndone.then((isWanted) => (isWanted ? takeBack(title, stage, unmark) : undefined));
    return true;
  } catch (problem) {
    sayTrouble(problem, title, stage, () => request(title, stage, options));
    return false;
  }
}

/** @param {Api.Title} title @param {Api.Stage} stage @param {() => void} [unmark] */
export async function takeBack(title, stage, unmark) {
  try {
    const { message } = await remove(`${doorOf(title)}/${title.tmdb_id}`, {});
    unmark?.();
    announce("unadd", title, stage);
    stage.toast.say(message);
  } catch (problem) {
    sayTrouble(problem, title, stage);
  }
}

/** What is the matter, with the title's name in place of its key. @param {unknown} problem @param {Api.Title} title */
export const troubleOf = (problem, title) => wordsOf(problem).replaceAll(keyOf(title), title.title || "it");

/**
 * A refusal is told calmly; what may pass can be tried again.
 * @param {unknown} problem @param {Api.Title} title @param {Api.Stage} stage @param {() => unknown} [again]
 */
async function sayTrouble(problem, title, { toast }, again) {
  const isPassing = Boolean(/** @type {Problem} */ (problem).isPassing);
  const act = isPassing && again ? "Try again" : "";
  if (await toast.say(troubleOf(problem, title), { act, alert: isPassing })) again?.();
}

/** The server knows: the page, and whatever part shows the title, may renew it. @type {(name: string, title: Api.Title, stage: Api.Stage) => void} */
function announce(name, title, stage) {
  stage.changed();
  document.dispatchEvent(new CustomEvent("title-act", { detail: { name, key: keyOf(title) } }));
}

/** @param {() => void} act */
function once(act) {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
