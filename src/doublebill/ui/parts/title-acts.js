import { serviceOf } from "../lib/format.js";
import { html } from "../lib/html.js";

/** Their icons are symbols in the page. @type {Record<string, string>} */
const BUTTONS = {
  add: "Add",
  watch: "Watched",
  unwatch: "Not watched",
  hide: "Hide 4 months",
  unhide: "Show again",
};

/** Buttons that do something to a title; the page hears of them by `data-act`. @param {Api.Title} title */
export const actions = (title, acts = ["add", "watch", "hide"]) => html`<div class="actions">${acts.map(
  (act) => html`<button type="button" data-act="${act}" title="${BUTTONS[act]}${
    act === "add" && ` to ${serviceOf(title)}`
  }" aria-label="${BUTTONS[act]}: ${title.title}"><svg aria-hidden="true"><use href="#icon-${act}"/></svg
  ><span>${BUTTONS[act]}</span></button>`,
)}</div>`;
