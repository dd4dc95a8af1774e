/** The interface's description, shown by Swagger UI (a classic script that came before this module), light or dark. */
const { SwaggerUIBundle } = /** @type {any} */ (window); // it has no types of its own
const dark = matchMedia("(prefers-color-scheme: dark)");

dark.onchange = follow;
follow();
SwaggerUIBundle({
  url: new URL("../../openapi.json", import.meta.url).href,
  dom_id: "#interface",
  deepLinking: false, // its links would stand inside of buttons, where no key reaches them
  defaultModelsExpandDepth: 0,
  presets: [SwaggerUIBundle.presets.apis],
  onComplete: level,
});

function follow() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

/** Its headings leave out the second level. */
function level() {
  for (const heading of document.querySelectorAll("#interface :is(h3, h4)")) {
    heading.ariaLevel = String(Number(heading.localName[1]) - 1);
  }
}
