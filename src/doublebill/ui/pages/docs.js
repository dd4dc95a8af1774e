/** The interface's description, shown by Swagger UI (a classic script that came before this module). */
const { SwaggerUIBundle } = /** @type {any} */ (window); // it has no types of its own

SwaggerUIBundle({
  url: new URL("../../openapi.json", import.meta.url).href,
  dom_id: "#interface",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  presets: [SwaggerUIBundle.presets.apis],
});
