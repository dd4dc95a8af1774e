/** Places in a part that are written one by one, so that what stays the same keeps its focus, pictures and motion. */
import { render } from "./html.js";

/** @type {WeakMap<Element, string>} */
const written = new WeakMap();

/**
 * Write into `<div data-slot="name">` what belongs there; null leaves a place empty and hidden.
 * @param {ParentNode} part
 * @param {Record<string, any>} markups made by html, by the names of their places
 */
export function fill(part, markups) {
  for (const [name, markup] of Object.entries(markups)) {
    const slot = /** @type {?HTMLElement} */ (part.querySelector(`[data-slot="${name}"]`));
    if (!slot) continue;
    slot.hidden = !markup;
    if (written.get(slot) === (markup?.text ?? "")) continue;
    written.set(slot, markup?.text ?? "");
    if (markup) render(slot, markup);
    else slot.replaceChildren();
  }
}
