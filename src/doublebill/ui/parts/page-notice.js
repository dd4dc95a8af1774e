import { find, template } from "../lib/html.js";

/** Say what is the matter and what to do; the texts are templates in the page. Fires `notice-act` when pressed. */
class PageNotice extends HTMLElement {
  /** The name of what is said. */
  said = "";

  /** @param {string} name @param {import("../lib/api.js").Problem} [problem] */
  say(name, problem) {
    if (name === this.said && !problem) return;
    this.said = name;
    this.hidden = false;
    this.role = problem ? "alert" : "status";
    this.replaceChildren(template(name));
    if (name === "problem") {
      find(this, "h2").textContent = problem?.message;
      find(this, "p").textContent = problem?.hint;
    }
    find(this, "button")?.addEventListener("click", () => this.dispatchEvent(new Event("notice-act")));
  }

  clear() {
    this.said = "";
    this.hidden = true;
    this.replaceChildren();
  }
}

customElements.define("page-notice", PageNotice);
