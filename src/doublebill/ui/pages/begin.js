/** Begins the page: once the cards that came with it are painted, as scripts would keep them waiting; else at once. */
const begin = () => {
  for (const link of document.querySelectorAll("[rel=later]")) /** @type {HTMLLinkElement} */ (link).rel = "modulepreload";
  import("./picks.js");
};

if (document.hidden || !document.querySelector("[data-served]")) begin();
else requestAnimationFrame(() => setTimeout(begin));
