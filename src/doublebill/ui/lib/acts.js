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

/** The answer to what was last said of each title. @type {Map<string, Promise<unknown>>} */
const answers = new Map();

/**
 * Tell the server once it has answered what was said of the title before: what is said last has to count.
 * @param {Api.Title} title @param {() => Promise<Api.Said | false>} tell
 */
function inTurn(title, tell) {
  const key = keyOf(title);
  const before = answers.get(key);
  const told = before ? before.then(tell) : tell();
  const answered = told.catch(() => null);
  answers.set(key, answered);
  return { told, isLast: () => answers.get(key) === answered };
}

/** @param {string} name @param {string} user @param {Api.Title} title @param {Api.Stage} stage @returns {Promise<void>} */
export async function perform(name, user, title, stage) {
  if (name === "add") return void request(title, stage);
  const [words, tell, back] = ACTS[name];
  const restore = once(stage.take());
  const { told } = inTurn(title, () => tell(user, title));
  const isDone = told.then(
    () => (announce(name, title, stage), true),
    (problem) => (restore(), sayTrouble(problem, title, stage, () => perform(name, user, title, stage)), false),
  );
  if (!(await stage.toast.say(`${title.title} ${words}`, { act: "Undo", holds: told }))) return;
  restore();
  const undone = inTurn(title, async () => (await isDone) && ACTS[back][1](user, title)); // what failed was told already
  await undone.told.then(
    (said) => said && undone.isLast() && announce(back, title, stage),
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
  const words = troubleOf(problem, title);
  const told = words.includes(title.title) ? words : `${title.title}: ${words}`;
  if (await toast.say(told, { act, alert: isPassing })) again?.();
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
