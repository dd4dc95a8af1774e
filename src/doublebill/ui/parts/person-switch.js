import { html, render } from "../lib/html.js";
import { personText } from "../lib/format.js";

/** @import {Person} from "../api.d.ts" */

/** Choose whom the picks are for. Fires `person-change`; `value` is the person's id. */
class PersonSwitch extends HTMLElement {
  value = "";

  /** @param {Person[]} people @param {string} chosen id */
  show(people, chosen) {
    this.value = chosen;
    const options = people.map(
      (person) =>
        html`<option value="${person.id}" ${person.id === chosen && "selected"}>${personText(person)}</option>`,
    );
    render(
      this,
      html`<label class="select"><span class="unseen">Recommend for</span>
        <select>${options}</select></label>`,
    );
    const select = /** @type {HTMLSelectElement} */ (this.querySelector("select"));
    select.onchange = () => {
      this.value = select.value;
      this.dispatchEvent(new Event("person-change"));
    };
  }
}

customElements.define("person-switch", PersonSwitch);
