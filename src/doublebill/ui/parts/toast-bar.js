import { find } from "../lib/html.js";

const STAYS_MS = 7000;

/** One message at the foot of the page, with something to press; the next one takes its place. */
class ToastBar extends HTMLElement {
  #timer = 0;
  #settle = (/** @type {boolean} */ _) => {};

  connectedCallback() {
    find(this, "button").onclick = () => this.#end(true);
    addEventListener("pagehide", () => this.#end(false));
  }

  /** Say something, and tell whether its button was pressed. @type {Api.Stage["toast"]["say"]} */
  say(text, { act = "", alert = false } = {}) {
    this.#end(false);
    (document.querySelector("dialog[open]") ?? document.body).append(this); // below a dialog nothing can be pressed
    const [words, button] = [find(this, "p"), find(this, "button")];
    words.role = alert ? "alert" : "status";
    button.hidden = !act;
    button.textContent = act;
    this.hidden = false;
    words.textContent = text;
    this.#wait();
    return new Promise((resolve) => (this.#settle = resolve));
  }

  /** Nothing goes from under the pointer or the focus. */
  #wait() {
    const end = () => (this.matches(":hover, :focus-within") ? this.#wait() : this.#end(false));
    this.#timer = setTimeout(end, STAYS_MS);
  }

  /** @param {boolean} isPressed */
  #end(isPressed) {
    clearTimeout(this.#timer);
    this.hidden = true;
    this.#settle(isPressed);
  }
}

customElements.define("toast-bar", ToastBar);
