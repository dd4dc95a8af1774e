/** Asking the server. Every failure is a Problem, whether the server told of it or could not be reached. */
const ROOT = new URL("../../", import.meta.url); // so that it may stand under any path
const PATIENCE_MS = 30000;

/** What the server cannot tell itself. @type {Record<string, {code: string, detail: string, hint: string}>} */
const SILENCE = {
  offline: { code: "offline", detail: "You are offline", hint: "Try again when the connection is back" },
  unreachable: {
    code: "unreachable",
    detail: "doublebill gives no answer",
    hint: "Check that it is running and that you are on its network",
  },
  slow: { code: "slow", detail: "doublebill takes too long to answer", hint: "Try again in a moment" },
  foreign: {
    code: "foreign",
    detail: "Something else than doublebill has answered",
    hint: "Load the page anew; a proxy may want you to sign in",
  },
};

/** A failed request; message and `hint` are for a person, `status` (0: no answer) and `code` for a program. */
export class Problem extends Error {
  /** @param {{detail: string, hint?: string, status?: number, code?: string}} told */
  constructor({ detail, hint, status = 0, code = "" }) {
    super(detail);
    this.hint = hint;
    this.status = status;
    this.code = code;
  }

  /** Whether the same question may be answered later: the server, a service or the network failed, not the question. */
  get isPassing() {
    return this.status === 0 || this.status >= 500;
  }
}

/** Message and hint of what was thrown. @param {any} problem */
export const wordsOf = ({ message, hint }) =>
  [message, hint]
    .filter(Boolean)
    .map((/** @type {string} */ text) => text.replace(/\.$/, ""))
    .join(". ");

/** @type {<P extends keyof Api.Answers>(path: P, query?: Api.Query, signal?: AbortSignal) => Promise<Api.Answers[P]>} */
export const get = (path, query, signal) => ask(path, query, { signal: patient(signal) });

/** @type {(path: string, query?: Api.Query, body?: object, signal?: AbortSignal) => Promise<any>} */
export const post = (path, query, body, signal) => {
  const headers = { "Content-Type": "application/json" };
  return ask(path, query, { method: "POST", keepalive: true, headers, body: JSON.stringify(body), signal });
};

/** What the server sends by itself, for as long as it is not closed. @param {string} path */
export const listen = (path) => new EventSource(new URL(path, ROOT));

/** Where a picture of TMDB is, through the server; null where there is none. @param {string} size @param {?string} [path] */
export const imageOf = (size, path) =>
  path && /^\/[A-Za-z0-9]{10,64}\.(jpg|png)$/.test(path) ? new URL(`images/${size}${path}`, ROOT).href : null;

/** @param {string} path without a leading slash @param {Api.Query} [query] @param {RequestInit} [options] */
export async function ask(path, query = {}, options) {
  const url = new URL(path, ROOT);
  for (const [name, value] of Object.entries(query)) {
    if (value || value === 0) url.searchParams.set(name, String(value));
  }
  const response = await fetch(url, options).catch((error) => unreachable(options?.signal?.reason ?? error));
  if (!response.ok) throw await problemOf(response);
  return response.json().catch(() => {
    if (options?.signal?.aborted) unreachable(options.signal.reason);
    throw new Problem({ ...SILENCE.foreign, status: response.status });
  });
}

/** A question does not wait for ever. @param {AbortSignal} [signal] */
const patient = (signal) => {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  return signal ? AbortSignal.any([signal, patience]) : patience;
};

/** @param {Error} error @returns {never} */
function unreachable(error) {
  if (error.name === "AbortError") throw error;
  const reason = error.name === "TimeoutError" ? "slow" : navigator.onLine ? "unreachable" : "offline";
  throw new Problem(SILENCE[reason]);
}

/** @param {Response} response */
async function problemOf(response) {
  if (response.headers.get("Content-Type")?.includes("problem+json")) return new Problem(await response.json());
  const detail = `The server answered with an error (${response.status})`;
  return new Problem({ detail, hint: "Try again; its log tells more", status: response.status });
}
