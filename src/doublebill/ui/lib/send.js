/** What is sent to the server beside posts; none of it before somebody does something. */
import { ask } from "./api.js";

/** @type {(path: string, query: Api.Query) => Promise<any>} */
export const remove = (path, query) => ask(path, query, { method: "DELETE", keepalive: true });

/** @type {(method: "PUT" | "POST" | "DELETE", path: string, body?: object, headers?: Record<string, string>) => Promise<any>} */
export const send = (method, path, body, headers) =>
  ask(path, {}, { method, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });
