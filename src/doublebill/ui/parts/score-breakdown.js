import { find, template } from "../lib/html.js";
import { takeApart } from "../lib/format.js";

const percent = (/** @type {number} */ share) => (share * 100).toFixed(1).replace(".0", "");

/** Show how a score adds up: one bar and one list of the same parts, from a template in the page. */
class ScoreBreakdown extends HTMLElement {
  /** @param {Api.Scores} scores @param {Api.Weights} weights */
  show(scores, weights) {
    const { parts, penalty, total } = takeApart(scores, weights);
    this.replaceChildren(template("breakdown"));
    for (const { name, value, share, points } of parts) {
      if (value === null) this.#tell(name, "not known yet", 0, "");
      else this.#tell(name, `${(value * 100).toFixed(1)} × ${percent(share)} %`, points);
    }
    this.#tell("penalty", "", penalty, `−${penalty.toFixed(1)}`);
    this.#tell("total", "", total);
    find(this, "tr:has(.penalty)").hidden = !penalty;
  }

  /** @param {string} name @param {string} made how it comes about @param {number} points @param {string} [text] */
  #tell(name, made, points, text = points.toFixed(1)) {
    const [, how, sum] = find(this, `tr:has(.${name})`).cells;
    how.textContent = made;
    sum.textContent = text;
    find(this, `.bar .${name}`)?.style.setProperty("--points", points);
  }
}

customElements.define("score-breakdown", ScoreBreakdown);
