import { find } from "../lib/html.js";

/**
 * <grid-end><button class="button quiet">Show more</button><p role="status"></p></grid-end>
 * Where the grid ends: wants more once it comes near the window or its button is pressed, and says when that was all.
 * Fires `more-wanted`; `isByHand` tells of the button.
 */
class GridEnd extends HTMLElement {
  isByHand = false;
  #near = new IntersectionObserver((seen) => seen.at(-1)?.isIntersecting && this.#want(false), { rootMargin: "150% 0%" });

  connectedCallback() {
    find(this, "button").onclick = () => this.#want(true);
  }

  /** There is more to show. What is near already is told again, so that short pages fill the window. */
  goOn() {
    this.#say("", true);
    this.#near.observe(this);
  }

  /** That was all. @param {string} words */
  end(words) {
    this.#say(words, false);
  }

  /** It did not work; only the button tries again. @param {string} words */
  fail(words) {
    this.#say(words, true);
  }

  /** @param {string} words @param {boolean} isMore */
  #say(words, isMore) {
    this.#near.disconnect();
    this.hidden = false;
    find(this, "button").hidden = !isMore;
    find(this, "p").textContent = words;
  }

  /** @param {boolean} isByHand */
  #want(isByHand) {
    this.#near.disconnect();
    this.isByHand = isByHand;
    this.dispatchEvent(new Event("more-wanted"));
  }
}

customElements.define("grid-end", GridEnd);
