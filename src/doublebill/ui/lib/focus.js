/** Where the focus may go. A modal dialog keeps it from the page, but not from the browser's own bars. */

const REACHABLE = "a[href], button, input, select, summary, [tabindex='0']";

/** Open a dialog over a page that keeps its width, also where the bar goes that scrolls it. @param {HTMLDialogElement} dialog */
export function openOver(dialog) {
  const { documentElement: root } = document;
  if (!root.querySelector("dialog:modal")) root.style.setProperty("--bar", `${innerWidth - root.clientWidth}px`);
  dialog.showModal();
}

/** Let Tab go round within a dialog, and close it as it is closed elsewhere. @param {HTMLDialogElement} dialog */
export function keepFocus(dialog) {
  let isBegun = false; // who selects words may let go beside
  dialog.addEventListener("pointerdown", (event) => (isBegun = isBeside(event)));
  dialog.addEventListener("click", (event) => isBegun && isBeside(event) && dialog.close()); // where closedby is not known
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isEmptySearch(event.target)) {
      event.preventDefault(); // in some browsers the field takes it, in others it would close two
      dialog.close();
    }
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

/** Whether the backdrop of a dialog was pressed. @param {MouseEvent} event */
function isBeside({ target, currentTarget, clientX: x, clientY: y }) {
  const { left, right, top, bottom } = /** @type {Element} */ (currentTarget).getBoundingClientRect();
  return target === currentTarget && (x < left || x > right || y < top || y > bottom);
}

/** @param {any} field */
const isEmptySearch = (field) => field.matches("[type=search]") && !field.value;
