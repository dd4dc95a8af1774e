/** The page of quality: how well what a person liked last would have been found, in words, numbers and bars. */
import * as address from "../lib/address.js";
import { get } from "../lib/api.js";
import { personText } from "../lib/format.js";
import { find, html, render } from "../lib/html.js";
import "../parts/page-notice.js";

/** @typedef {Api.Schemas["RankingOut"]} Ranking */
/** @typedef {Api.Schemas["Bounded"]} Bounded */
const REMEMBERED = "doublebill.person";
const TOO_WIDE = 0.5; // bounds so far apart tell nothing

const [people, notice, words, found, more] =
  "#person page-notice #words #found #more".split(" ").map((name) => find(document, name));
let asked = new AbortController();

people.onchange = () => {
  address.replace({ user: people.value });
  measure();
};
notice.addEventListener("notice-act", start);
start();

async function start() {
  try {
    const { people: everybody } = await get("people");
    const wanted = address.read().user ?? localStorage.getItem(REMEMBERED);
    const person = everybody.find(({ id, name }) => wanted && [id, name].includes(wanted)) ?? everybody[everybody.length - 1];
    render(people, html`${everybody.map((each) => html`<option value="${each.id}">${personText(each)}</option>`)}`);
    people.value = person.id;
    await measure();
  } catch (error) {
    notice.say("problem", error);
  }
}

async function measure() {
  asked.abort();
  asked = new AbortController();
  notice.say("measuring");
  for (const section of [words, found, more]) section.hidden = true;
  try {
    show(await get("evaluation", { user: people.value }, asked.signal));
    notice.clear();
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "AbortError") notice.say("problem", error);
  }
}

/** @param {Api.Schemas["Evaluation"]} told */
function show({ words: lines, rankings, is_enough, held_out, people: count }) {
  render(find(words, "ul"), html`${lines.map((line) => html`<li>${line}</li>`)}`);
  words.hidden = false;
  found.hidden = more.hidden = !is_enough;
  if (!is_enough) return;
  render(find(found, "table"), table(["Found"], rankings, (each) => [
    cell(each.recall_at_100, " %", `${each.found} of ${held_out}`),
  ]));
  render(find(more, "table"), table(["nDCG", "Any of them there"], rankings, (each) => [
    cell(each.ndcg_at_10, ""),
    html`<td><b>${hitText(each.hit_rate_at_10.mean, count)}</b></td>`,
  ]));
}

/** @param {string[]} headings @param {Ranking[]} rankings @param {(each: Ranking) => object[]} cells */
const table = (headings, rankings, cells) => html`
  <thead><tr><th scope="col">By</th>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
  <tbody>${rankings.map((each, place) => html`<tr class="${place ? "" : "asked"}">
    <th scope="row">${each.words}</th>${cells(each)}</tr>`)}</tbody>`;

/**
 * A bar, its number and the bounds; where all draws were alike there are none to tell.
 * @param {Bounded} bounded @param {string} unit @param {string} [count]
 */
function cell({ mean, low, high }, unit, count) {
  const [value, from, to] = [mean, low, high].map(percent);
  const bounds = high - low > TOO_WIDE ? "too few titles to be sure" : low < high && `could be ${from} to ${to}${unit} by chance`;
  const notes = [count, bounds].filter(Boolean).join(" · ");
  return html`<td>
    <svg class="bounds" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="8"/><rect class="mean" width="${value}" height="8"/>${
      low < high && html`<path d="M${from} 4H${to}M${from} 1V7M${to} 1V7"/>`}</svg>
    <b>${value}${unit}</b> <small>${notes}</small></td>`;
}

/** For how many there was one; of one person it is a plain yes or no. @param {number} mean @param {number} people */
const hitText = (mean, people) =>
  people > 1 ? `For ${Math.round(mean * people)} of ${people} people` : mean ? "Yes" : "No";

/** @param {number} share */
const percent = (share) => Math.round(100 * share);
