/** Doing something to a title: it takes effect at once, can be undone, and what fails is put back. */
import { post, remove, wordsOf } from "./api.js";
import { pathOf, serviceOf } from "./format.js";

/** @typedef {(user: string, title: Api.Title) => Promise<Api.Said>} Telling */

/** @type {(path: string) => Telling} */
const to = (path) => (user, { tmdb_id, title, type }) => post(path, { user }, { tmdb_id, title, type });
/** @type {(path: string) => Telling} */
const from = (path) => (user, title) => remove(`${path}/${pathOf(title)}`, { user });

/** What to say, what to tell the server, and what takes it back. @type {Record<string, [string, Telling, Telling?]>} */
const ACTS = {
  watch: ["counts as watched", to("history"), from("history")],
  unwatch: ["no longer counts as watched", from("history"), to("history")],
  hide: ["is hidden for 4 months", to("dislike"), from("hidden")],
  unhide: ["is shown again", from("hidden"), to("dislike")],
  add: ["goes to ", (_, title) => addTitle(title)], // nothing takes it back, so it waits while it can be undone
};

/** Ask Radarr or Sonarr. @param {Api.Title} title @param {object} [options] */
export const addTitle = ({ tmdb_id, title, type }, options) =>
  post(`add/${serviceOf({ type }).toLowerCase()}`, {}, { tmdb_id, title, ...options });

/** @param {string} name @param {string} user @param {Api.Title} title @param {Api.Stage} stage */
export async function perform(name, user, title, stage) {
  const [words, tell, untell] = ACTS[name];
  const restore = stage.take();
  const trouble = async (/** @type {unknown} */ problem) => {
    restore();
    const isWanted = await stage.toast.say(wordsOf(problem), { act: "Try again", alert: true });
    if (isWanted) perform(name, user, title, stage);
  };
  const told = untell && tell(user, title);
  told?.then(stage.changed, trouble);
  const said = `${title.title} ${words}${untell ? "" : serviceOf(title)}`;
  if (await stage.toast.say(said, { act: "Undo" })) {
    restore();
    await told?.then(() => untell?.(user, title)).then(stage.changed, trouble);
  } else if (!untell) {
    await tell(user, title).then(({ message }) => stage.toast.say(message), trouble);
  }
}
