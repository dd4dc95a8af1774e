import { html, render } from "../lib/html.js";
import { takeApart } from "../lib/format.js";

/** @import {Scores, Weights} from "../api.d.ts" */

/** @type {Record<string, [string, string]>} */
const WORDS = {
  content: ["Close to your taste", "how near it is to what you watch"],
  collaborative: ["Linked to your history", "how many watched titles point here"],
  quality: ["Well rated", "the rating, weighed by its votes"],
  confidence: ["Widely seen", "how sure the rating is"],
};

const percent = (/** @type {number} */ share) => (share * 100).toFixed(1).replace(".0", "");

/** Show how a score adds up: one bar and one list of the same parts. */
class ScoreBreakdown extends HTMLElement {
  /** @param {Scores} scores @param {Weights} weights */
  show(scores, weights) {
    const { parts, penalty, total } = takeApart(scores, weights);
    const rows = parts.map(
      ({ name, value, share, points }) => html`<tr><th scope="row"><i class="${name}"></i>${WORDS[name][0]}
        <small>${WORDS[name][1]}</small></th>${
          value === null
            ? html`<td colspan="2">not known yet</td>`
            : html`<td>${(value * 100).toFixed(1)} × ${percent(share)} %</td><td>${points.toFixed(1)}</td>`
        }</tr>`,
    );
    const less = html`<tr><th scope="row"><i class="penalty"></i>Like a title you hid</th>
      <td></td><td>−${penalty.toFixed(1)}</td></tr>`;
    const segments = [...parts, { name: "penalty", points: penalty }];
    render(
      this,
      html`<div class="bar" aria-hidden="true">${segments.map(({ name }) => html`<i class="${name}"></i>`)}</div>
        <table><caption class="unseen">Points of 100</caption><tbody>${rows}${penalty > 0 && less}</tbody>
        <tfoot><tr><th scope="row">Score</th><td></td><td>${total.toFixed(1)}</td></tr></tfoot></table>`,
    );
    /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".bar i")).forEach((part, at) => {
      part.style.setProperty("--points", String(segments[at].points));
    });
  }
}

customElements.define("score-breakdown", ScoreBreakdown);
