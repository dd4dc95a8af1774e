import { html, render } from "../lib/html.js";
import { pointsText } from "../lib/format.js";

/** <score-ring value="0.68">: a score of 0..1 as a ring around its points. */
class ScoreRing extends HTMLElement {
  connectedCallback() {
    const points = pointsText(Number(this.getAttribute("value")));
    render(
      this,
      html`<svg viewBox="0 0 40 40" aria-hidden="true"><circle cx="20" cy="20" r="17"/><circle class="arc" cx="20"
        cy="20" r="17" pathLength="100" stroke-dasharray="${points} 100"/></svg><b><span class="unseen">Score </span
        >${points}<span class="unseen"> of 100</span></b>`,
    );
  }
}

customElements.define("score-ring", ScoreRing);
