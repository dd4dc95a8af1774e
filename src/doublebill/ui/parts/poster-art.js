import { imageOf } from "../lib/api.js";
import { html, render } from "../lib/html.js";
import { wear } from "../lib/styles.js";

/** How to draw; it comes beside the first titles. */
const drawing = Promise.all([import("../lib/poster.js"), wear("poster")]);
const WIDTHS = [185, 342, 500];

/**
 * <poster-art key="movie:603" name="The Matrix" genres="Action|Drama" foot="Film · 1999" path="/abc.jpg" sizes="12rem">
 * Drawn once it comes near the window: of a grid's cards the browser tells when that is, the others are observed,
 * since a thousand observed ones would cost time in each frame. A picture lies over the drawing, which stays where there
 * is none. Decoration: its words stand beside it.
 */
class PosterArt extends HTMLElement {
  connectedCallback() {
    this.setAttribute("aria-hidden", "true");
    if (this.firstChild) return; // it is drawn already, and only moved
    if (isTold && this.closest(".grid")) return;
    near.observe(this);
  }

  async draw() {
    const [{ drawPoster, sizeOf }] = await drawing;
    const [key, name, genres, foot] = ["key", "name", "genres", "foot"].map((each) => this.getAttribute(each) ?? "");
    const { hue, away, tone, voice, picture } = drawPoster(key, genres.split("|"));
    this.dataset.tone = tone;
    this.dataset.voice = voice;
    for (const [part, value] of Object.entries({ hue, away, size: sizeOf(name, voice) })) {
      this.style.setProperty(`--${part}`, String(value));
    }
    /** @type {?HTMLElement} */ (this.closest(".card"))?.style.setProperty("--hue", String(hue)); // it takes on the colour
    render(this, html`${picture}<span class="poster-words"><b>${name}</b><small>${foot}</small></span>${this.#picture()}`);
    const image = this.querySelector("img");
    image?.addEventListener("load", () => image.classList.add("here"));
    image?.addEventListener("error", () => image.remove());
  }

  #picture() {
    const at = (/** @type {number} */ width) => imageOf(`w${width}`, this.getAttribute("path"));
    return (
      at(342) &&
      html`<img alt="" width="2" height="3" loading="lazy" decoding="async" sizes="${this.getAttribute("sizes")}"
        srcset="${WIDTHS.map((width) => `${at(width)} ${width}w`).join(", ")}" src="${at(342)}">`
    );
  }
}

const near = new IntersectionObserver(
  (seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      /** @type {PosterArt} */ (target).draw();
    }
  },
  /** @type {any} */ ({ rootMargin: "100% 50%", scrollMargin: "50%" }), // the second for what runs sideways; not all know it
);

/** Whether the browser tells of a grid that comes near; not of those that were here before this script. */
let isTold = false;
customElements.define("poster-art", PosterArt);
isTold = "oncontentvisibilityautostatechange" in HTMLElement.prototype;
document.addEventListener(
  "contentvisibilityautostatechange",
  (/** @type {any} */ { target, skipped }) => {
    if (!skipped) for (const poster of target.querySelectorAll("poster-art:empty")) poster.draw();
  },
  true,
);
