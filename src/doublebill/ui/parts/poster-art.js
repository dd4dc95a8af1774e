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
 * is none.
 */
class PosterArt extends HTMLElement {
  connectedCallback() {
    this.setAttribute("aria-hidden", "true");
    const grid = this.closest(".grid");
    if (!isTold || !grid || shown.has(grid)) near.observe(this);
  }

  async draw() {
    const [{ drawPoster, sizeOf }] = await drawing;
    if (this.firstChild) return; // it only moved
    const [key, name, genres, foot] = ["key", "name", "genres", "foot"].map((each) => this.getAttribute(each) ?? "");
    const { hue, away, tone, voice, picture } = drawPoster(key, genres.split("|"));
    this.dataset.tone = tone;
    this.dataset.voice = voice;
    for (const [part, value] of Object.entries({ hue, away, size: sizeOf(name, voice) })) {
      this.style.setProperty(`--${part}`, String(value));
    }
    /** @type {?HTMLElement} */ (this.closest(".bill .card"))?.style.setProperty("--hue", String(hue)); // it takes on the colour
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

/** @type {PosterArt[]} */
const waiting = [];
const whenIdle = window.requestIdleCallback ?? requestAnimationFrame; // Safari has no idle times

/** A few in each frame, as it has time: a whole grid's would stop the page. */
function drawSome(/** @type {any} */ time) {
  for (const poster of waiting.splice(0, (time.timeRemaining?.() ?? 12) / 4 + 1)) poster.draw();
  if (waiting.length) whenIdle(drawSome);
}

/** Whether the browser tells which grids come near; of those older than this script it may have. */
const isTold = "oncontentvisibilityautostatechange" in HTMLElement.prototype;
const shown = new WeakSet(document.querySelectorAll(".grid"));
customElements.define("poster-art", PosterArt);
document.addEventListener(
  "contentvisibilityautostatechange",
  (/** @type {any} */ { target, skipped }) => {
    if (skipped) return shown.delete(target);
    shown.add(target);
    waiting.push(...target.querySelectorAll("poster-art:empty"));
    whenIdle(drawSome);
  },
  true,
);
