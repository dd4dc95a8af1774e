/** Style sheets that the page names but does not load: `<link rel="stylesheet" href="css/details.css" disabled>`. */
import { find } from "./html.js";

/** @type {Map<string, Promise<void>>} */
const worn = new Map();

/** Load some, each once; without one the page still works, so nothing fails. @param {string[]} names */
export const wear = (...names) => Promise.all(names.map(wearOne));

/** @param {string} name */
function wearOne(name) {
  const link = find(document, `link[href$="${name}.css"]`);
  if (!worn.has(name)) worn.set(name, link?.disabled ? loaded(link) : Promise.resolve());
  return worn.get(name);
}

/** @param {HTMLLinkElement} link @returns {Promise<void>} */
const loaded = (link) =>
  new Promise((resolve) => {
    link.onload = link.onerror = () => resolve();
    link.disabled = false;
  });
