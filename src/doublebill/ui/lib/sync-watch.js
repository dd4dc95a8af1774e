/** What tells the parts and pages of the sync. */
import { get, listen } from "./api.js";

const RUNNING_MS = 1000;
const RESTING_MS = 30000;

/**
 * Tell of the sync, at once and whenever something changes; null where the server does not answer. It listens while
 * somebody looks: an open stream costs one of the few connections that a browser has.
 * @param {(status: ?Api.SystemStatus) => void} tell
 * @returns {() => Promise<void>} asks at once where nothing streams: what the page itself began is then seen at once
 */
export function watchSync(tell) {
  let timer = 0;
  /** @type {?EventSource} */
  let stream = null;

  /** Where nothing streams, ask now and then. */
  async function ask() {
    if (document.hidden || stream) return;
    clearTimeout(timer);
    const status = await get("system/status").catch(() => null);
    if (document.hidden || stream) return;
    tell(status);
    clearTimeout(timer); // somebody else may have asked meanwhile
    timer = setTimeout(ask, status?.status === "running" ? RUNNING_MS : RESTING_MS);
  }

  function follow() {
    clearTimeout(timer);
    stream?.close();
    stream = null;
    if (document.hidden) return;
    const opened = (stream = listen("system/events"));
    opened.addEventListener("status", ({ data }) => tell(JSON.parse(data)));
    opened.onerror = () => {
      if (opened !== stream) return;
      opened.close(); // a proxy that lets no stream through; asking again and again works everywhere
      stream = null;
      ask();
    };
  }

  document.addEventListener("visibilitychange", follow);
  addEventListener("online", follow);
  follow();
  return ask;
}
