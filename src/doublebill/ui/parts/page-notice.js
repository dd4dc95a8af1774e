import { html, render } from "../lib/html.js";

/** Say what is the matter and what to do. Fires `notice-act` when its button is pressed. */
class PageNotice extends HTMLElement {
  /** @typedef {{title: string, text?: ?string, act?: string, alert?: boolean}} Said @type {?Said} */
  said = null;

  /** @param {Said} said */
  say(said) {
    if (said === this.said) return;
    const { title, text, act, alert = false } = said;
    this.said = said;
    this.hidden = false;
    this.setAttribute("role", alert ? "alert" : "status");
    render(
      this,
      html`<svg viewBox="0 0 64 40" aria-hidden="true">
          <path d="M2 5h60v30H2z"/><path d="M32 5v30M10 12h14M40 12h14M10 19h9M40 19h9"/></svg>
        <h2>${title}</h2>${text && html`<p>${text}</p>`}${act && html`<button class="button">${act}</button>`}`,
    );
    this.querySelector("button")?.addEventListener("click", () => this.dispatchEvent(new Event("notice-act")));
  }

  clear() {
    this.said = null;
    this.hidden = true;
    this.replaceChildren();
  }
}

customElements.define("page-notice", PageNotice);
