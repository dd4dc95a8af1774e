/** Where the focus may go. A modal dialog keeps it from the page, but not from the browser's own bars. */

const REACHABLE = "a[href], button, input, select, summary, [tabindex='0']";

/** Let Tab go round within a dialog. @param {HTMLDialogElement} dialog */
export function keepFocus(dialog) {
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const all = /** @type {HTMLElement[]} */ ([...dialog.querySelectorAll(REACHABLE)]);
    const reachable = all.filter((each) => !each.matches(":disabled, [tabindex='-1']") && each.checkVisibility());
    const [first, last] = [reachable[0], reachable[reachable.length - 1]];
    const [from, to] = event.shiftKey ? [first, last] : [last, first];
    const isBefore = event.shiftKey && document.activeElement?.matches("h2"); // what opening gives the focus to
    if (document.activeElement !== from && !isBefore) return;
    event.preventDefault();
    to.focus();
  });
}
