import { drawPoster, sizeOf } from "../lib/poster.js";
import { html, render } from "../lib/html.js";

/**
 * <poster-art key="movie:603" name="The Matrix" genres="Action|Drama" foot="Film · 1999">
 * Decoration: its words stand beside it.
 */
class PosterArt extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return; // drawn already, and only moved
    const [key, name, genres, foot] = ["key", "name", "genres", "foot"].map((each) => this.getAttribute(each) ?? "");
    const { hue, away, tone, voice, picture } = drawPoster(key, genres.split("|"));
    this.setAttribute("aria-hidden", "true");
    this.dataset.tone = tone;
    this.dataset.voice = voice;
    for (const [part, value] of Object.entries({ hue, away, size: sizeOf(name, voice) })) {
      this.style.setProperty(`--${part}`, String(value));
    }
    render(this, html`${picture}<span class="poster-words"><b>${name}</b><small>${foot}</small></span>`);
  }
}

customElements.define("poster-art", PosterArt);
