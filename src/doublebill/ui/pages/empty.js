/** There is nothing to show: say why, or begin with the set-up. */
import { isFiltered } from "../lib/address.js";
import { get } from "../lib/api.js";

/** @param {any} notice the page-notice @param {any} grid the pick-grid */
export async function sayEmpty(notice, grid) {
  if (isFiltered()) return notice.say("no-match");
  const [setup, now] = await Promise.all([get("setup").catch(() => null), get("system/status").catch(() => null)]);
  if (setup && !setup.is_complete) return location.replace("setup.html");
  if (!grid.cards.length) notice.say(now?.status === "running" ? "not-yet" : "nothing");
}
