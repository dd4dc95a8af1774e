/** Markup made safely: every value put into it is escaped, unless it is markup itself. */
class Markup {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * Write markup: html`<p>${text}</p>`. Lists are joined; null, undefined and false are nothing.
 * @param {TemplateStringsArray} strings
 * @param {...unknown} values
 */
export function html(strings, ...values) {
  return new Markup(String.raw({ raw: strings }, ...values.map(textOf)));
}

/** @param {unknown} value @returns {string} */
function textOf(value) {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(textOf).join("");
  if (value === null || value === undefined || value === false) return "";
  return String(value).replace(/[&<>"']/g, (letter) => ENTITIES[letter]);
}

/**
 * Put markup into an element, in place of what was there; the only place that sets innerHTML.
 * @param {Element} target
 * @param {Markup} markup
 */
export function render(target, markup) {
  if (!(markup instanceof Markup)) throw new TypeError("Only html`...` can be rendered");
  target.innerHTML = markup.text;
}

/** Make what markup says. @param {Markup} markup @returns {any} */
export function made(markup) {
  const part = document.createElement("template");
  render(part, markup);
  return part.content;
}

/** What a template of the page holds, once more. @type {(name: string) => DocumentFragment} */
export const template = (name) => find(document, `#template-${name}`).content.cloneNode(true);

/** A template of the page with `{words}` in it, each replaced by what is given for it. @type {(name: string, values: object) => Markup} */
export function filled(name, values) {
  const given = new Map(Object.entries(values));
  /** @type {string} */
  const text = find(document, `#template-${name}`).innerHTML;
  return new Markup(text.replace(/\{(\w+)\}/g, (_, word) => textOf(given.get(word))));
}

/** The first element that fits; parts type themselves. @type {(place: ParentNode, selector: string) => any} */
export const find = (place, selector) => place.querySelector(selector);
