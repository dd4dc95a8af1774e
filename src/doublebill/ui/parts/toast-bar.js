import { find } from "../lib/html.js";

const STAYS_MS = 8000;

/**
 * <toast-bar><p role="status"></p><button type="button" hidden></button></toast-bar>
 * One message at the foot of the page, with something to press (or Ctrl+Z); the next one takes its place.
 */
class ToastBar extends HTMLElement {
  #timer = 0;
  #settle = (/** @type {boolean} */ _) => {};
  #isSet = false;

  connectedCallback() {
    if (this.#isSet) return; // only moved
    this.#isSet = true;
    find(this, "button").onclick = () => this.#end(true);
    addEventListener("pagehide", () => this.#end(false));
    for (const event of ["close", "toggle"]) document.addEventListener(event, () => this.#move(), true);
    document.addEventListener("keydown", (event) => {
      const isUndo = (event.ctrlKey || event.metaKey) && event.key === "z" && !event.shiftKey;
      if (!isUndo || !this.#canUndo || /** @type {Element} */ (event.target).matches("input:not([type=range])")) return;
      event.preventDefault();
      this.#end(true);
    });
  }

  get #canUndo() {
    return find(this, "button").textContent === "Undo";
  }

  /** Say something, and tell whether its button was pressed. @type {Api.Stage["toast"]["say"]} */
  say(text, { act = "", alert = false } = {}) {
    this.#end(false);
    const [words, button] = [find(this, "p"), find(this, "button")];
    words.role = alert ? "alert" : "status";
    this.#move();
    button.textContent = act;
    button.hidden = !act;
    words.textContent = text;
    this.#wait();
    return new Promise((resolve) => (this.#settle = resolve));
  }

  /** Below a dialog nothing can be pressed, so it stands in the one that is open. */
  #move() {
    const place = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
    if (this.parentElement !== place) place.append(this);
  }

  /** Nothing goes from under the pointer or the focus. */
  #wait() {
    const end = () => (this.matches(":hover, :focus-within") ? this.#wait() : this.#end(false));
    this.#timer = setTimeout(end, STAYS_MS);
  }

  /** @param {boolean} isPressed */
  #end(isPressed) {
    const [words, button] = [find(this, "p"), find(this, "button")];
    clearTimeout(this.#timer);
    if (this.contains(document.activeElement)) this.#giveBackFocus();
    words.textContent = button.textContent = "";
    button.hidden = true;
    this.#settle(isPressed);
  }

  /** The button goes; whoever pressed it stays near. */
  #giveBackFocus() {
    const place = this.closest("dialog") ?? find(document, "main");
    find(place, "h2[tabindex], a, button")?.focus({ preventScroll: true });
  }
}

customElements.define("toast-bar", ToastBar);
