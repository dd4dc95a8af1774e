import { pointsText } from "../lib/format.js";
import { find, template } from "../lib/html.js";
import { takeApart } from "../lib/sums.js";

/**
 * Show how a score adds up, from a template in the page: each part's bar begins where the one before it ended, the
 * penalty's goes back from there, and the score's has the length of all.
 */
class ScoreBreakdown extends HTMLElement {
  /** @param {Api.Scores} scores @param {Api.Weights} weights */
  show(scores, weights) {
    const { parts, penalty, total, places } = takeApart(scores, weights);
    const text = (/** @type {number} */ points) => points.toFixed(places);
    if (!this.firstChild) this.replaceChildren(template("breakdown"));
    let from = 0;
    for (const { name, isKnown, value, percent, points } of parts) {
      const product = `${value.toFixed(2)} × ${percent} %`;
      this.#tell(name, isKnown ? product : `not known, like the others: ${product}`, text(points), [from, points]);
      from += points;
    }
    this.#tell("penalty", "taken off", `−${text(penalty)}`, [from - penalty, penalty]);
    find(this, "tr:has(.penalty)").hidden = !penalty;
    this.#tell("total", `rounded ${pointsText(scores.hybrid)}`, text(total), [0, total]);
  }

  /** @param {string} name @param {string} how @param {string} sum @param {[number, number]} bar where it begins, and how long it is */
  #tell(name, how, sum, [from, length]) {
    const row = find(this, `tr:has(.${name})`);
    find(row, ".how").textContent = how;
    find(row, ".sum").textContent = sum;
    const bar = find(row, ".track i");
    bar.style.setProperty("--from", String(from));
    bar.style.setProperty("--points", String(length));
  }
}

customElements.define("score-breakdown", ScoreBreakdown);
