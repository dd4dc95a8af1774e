import { find, html, made } from "../lib/html.js";

const STAYS_MS = 8000;
const MOST = 3;

/**
 * <toast-bar aria-live="polite"></toast-bar>
 * Messages at the foot of the page, the newest lowest. One with something to press (or Ctrl+Z) stays beside newer ones,
 * at most three; one without makes room for the next. On a phone the older wait behind the newest, until it is touched.
 */
class ToastBar extends HTMLElement {
  /** @type {WeakMap<Element, (isPressed: boolean) => void>} */
  #settles = new WeakMap();
  /** What had the focus before something here did. @type {any} */
  #before = null;
  #isSet = false;

  connectedCallback() {
    if (this.#isSet) return; // only moved
    this.#isSet = true;
    addEventListener("pagehide", () => [...this.children].forEach((toast) => this.#end(toast)));
    this.addEventListener("focusin", ({ relatedTarget: from }) => {
      if (!this.contains(/** @type {?Node} */ (from))) this.#before = from;
    });
    this.addEventListener("pointerdown", () => this.toggleAttribute("data-unfolded", true));
    for (const event of ["close", "toggle"]) document.addEventListener(event, () => this.#move(), true);
    document.addEventListener("keydown", (event) => {
      const isUndo = (event.ctrlKey || event.metaKey) && event.key === "z" && !event.shiftKey;
      if (!isUndo || /** @type {Element} */ (event.target).matches("input:not([type=range])")) return;
      const last = [...this.querySelectorAll("button")].findLast((button) => button.textContent === "Undo");
      if (last) event.preventDefault();
      last?.click();
    });
  }

  /** Say something, and tell whether its button was pressed; what does not hold goes at once. @type {Api.Stage["toast"]["say"]} */
  say(text, { act = "", alert = false, holds } = {}) {
    const [toast] = made(html`<div><p${alert && html` role="alert"`}>${text}</p>${
      act && html`<button class="button quiet" type="button">${act}</button>`
    }</div>`).children;
    const kept = [...this.children].filter((each) => find(each, "button")).slice(1 - MOST);
    for (const each of [...this.children]) if (!kept.includes(each)) this.#end(each);
    this.#move();
    this.toggleAttribute("data-unfolded", false);
    this.append(toast);
    if (act) find(toast, "button").onclick = () => this.#end(toast, true);
    this.#wait(toast);
    holds?.catch(() => this.#end(toast));
    return new Promise((resolve) => this.#settles.set(toast, resolve));
  }

  /** Below a dialog nothing can be pressed, so it stands in the one that is open. */
  #move() {
    const place = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
    if (this.parentElement !== place) place.append(this);
  }

  /** Nothing goes from under the pointer or the focus. @param {Element} toast */
  #wait(toast) {
    const end = () => (this.matches(":hover, :focus-within") ? this.#wait(toast) : this.#end(toast));
    setTimeout(end, STAYS_MS);
  }

  /** @param {Element} toast @param {boolean} [isPressed] */
  #end(toast, isPressed = false) {
    if (toast.contains(document.activeElement)) this.#giveBackFocus();
    toast.remove();
    this.#settles.get(toast)?.(isPressed);
  }

  /** The button goes; whoever pressed it is back where they were, or near. */
  #giveBackFocus() {
    const place = this.closest("dialog") ?? find(document, "main");
    this.#before?.focus({ preventScroll: true });
    if (this.contains(document.activeElement)) find(place, "h2[tabindex], a, button")?.focus({ preventScroll: true });
  }
}

customElements.define("toast-bar", ToastBar);
