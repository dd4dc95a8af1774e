/** Asking the server. Every failure is a Problem, whether the server told of it or could not be reached. */
/** @import * as Api from "../api.d.ts" */

/** Where the server is: two folders above this file, so that it may stand under any path. */
const ROOT = new URL("../../", import.meta.url);

/** A failed request. `code` is stable, "unreachable" where no answer came; message and `hint` are for a person. */
export class Problem extends Error {
  /** @param {{status: number, code: string, detail: string, hint?: string}} told */
  constructor({ status, code, detail, hint }) {
    super(detail);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

/** @type {(user: string, filters: Api.Query, signal: AbortSignal) => Promise<Api.Picks>} */
export const getPicks = (user, filters, signal) =>
  ask("recommendations/weighted", { query: { limit: 100, user, ...filters }, signal });

/** @type {() => Promise<{people: Api.Person[]}>} */
export const getPeople = () => ask("people");

/** @type {() => Promise<string[]>} */
export const getGenres = () => ask("genres");

/** @type {(key: Api.Key, signal: AbortSignal) => Promise<{source_title: string, similar_items: Api.SimilarTitle[]}>} */
export const getSimilar = ({ tmdb_id, type }, signal) => ask(`similar/${tmdb_id}`, { query: { type }, signal });

/** @type {() => Promise<Api.SystemStatus>} */
export const getStatus = () => ask("system/status");

/** @type {() => Promise<{message: string}>} */
export const startSync = () => ask("system/regenerate", { method: "POST" });

/**
 * @param {string} path below the server's root, without a leading slash
 * @param {{query?: Api.Query, method?: string, signal?: AbortSignal}} [options]
 */
async function ask(path, { query = {}, ...options } = {}) {
  const url = new URL(path, ROOT);
  for (const [name, value] of Object.entries(query)) {
    if (value) url.searchParams.set(name, String(value));
  }
  const response = await fetch(url, options).catch(unreachable);
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

/** @param {Error} error @returns {never} */
function unreachable(error) {
  if (error.name === "AbortError") throw error;
  const hint = "Check that it is running and that you are on its network.";
  throw new Problem({ status: 0, code: "unreachable", detail: "doublebill gives no answer", hint });
}

/** @param {Response} response */
async function problemOf(response) {
  const { status } = response;
  if (response.headers.get("Content-Type")?.includes("problem+json")) return new Problem(await response.json());
  return new Problem({ status, code: "unexpected", detail: `The server answered with an error (${status})` });
}
