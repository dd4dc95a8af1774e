/** Asking the server. Every failure is a Problem, whether the server told of it or could not be reached. */
/** Where the server is: two folders above this file, so that it may stand under any path. */
const ROOT = new URL("../../", import.meta.url);

/** A failed request; message and `hint` are for a person. */
export class Problem extends Error {
  /** @param {{detail: string, hint?: string}} told */
  constructor({ detail, hint }) {
    super(detail);
    this.hint = hint;
  }
}

/** Message and hint of what was thrown. @param {any} problem */
export const wordsOf = ({ message, hint }) => [message, hint].filter(Boolean).join(". ");

/** @type {<P extends keyof Api.Answers>(path: P, query?: Api.Query, signal?: AbortSignal) => Promise<Api.Answers[P]>} */
export const get = (path, query, signal) => ask(path, query, { signal });

/** @type {(path: string, query?: Api.Query, body?: object) => Promise<any>} */
export const post = (path, query, body) => {
  const headers = { "Content-Type": "application/json" };
  return ask(path, query, { method: "POST", keepalive: true, headers, body: JSON.stringify(body) });
};

/** @type {(path: string, query: Api.Query) => Promise<any>} */
export const remove = (path, query) => ask(path, query, { method: "DELETE", keepalive: true });

/** @param {string} path without a leading slash @param {Api.Query} [query] @param {RequestInit} [options] */
async function ask(path, query = {}, options) {
  const url = new URL(path, ROOT);
  for (const [name, value] of Object.entries(query)) {
    if (value || value === 0) url.searchParams.set(name, String(value));
  }
  const response = await fetch(url, options).catch(unreachable);
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

/** @param {Error} error @returns {never} */
function unreachable(error) {
  if (error.name === "AbortError") throw error;
  const hint = "Check that it is running and that you are on its network.";
  throw new Problem({ detail: "doublebill gives no answer", hint });
}

/** @param {Response} response */
async function problemOf(response) {
  if (response.headers.get("Content-Type")?.includes("problem+json")) return new Problem(await response.json());
  return new Problem({ detail: `The server answered with an error (${response.status})` });
}
