import assert from "node:assert/strict";
import { test } from "node:test";

import { html, render } from "../../src/doublebill/ui/lib/html.js";

test("whatever is put into markup is text", () => {
  const evil = `<img src=x onerror="alert('1')">&amp;`;
  assert.equal(html`<p>${evil}</p>`.text, "<p>&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;</p>");
});

test("a value cannot leave its attribute", () => {
  assert.equal(html`<a title="${'" onclick="x'}">`.text, '<a title="&quot; onclick=&quot;x">');
});

test("markup within markup stays markup, and lists are joined", () => {
  const rows = ["<", ">"].map((each) => html`<li>${each}</li>`);
  assert.equal(html`<ul>${rows}</ul>`.text, "<ul><li>&lt;</li><li>&gt;</li></ul>");
});

test("text within a list is escaped too", () => {
  assert.equal(html`${[["<b>"], "&"]}`.text, "&lt;b&gt;&amp;");
});

test("what is missing is nothing, and zero is a number", () => {
  assert.equal(html`${null}${undefined}${false}${[]}${0}`.text, "0");
});

test("what only looks like markup is refused", () => {
  const target = { innerHTML: "" };
  assert.throws(() => render(target, { text: "<b>" }), TypeError);
  assert.throws(() => render(target, "<b>"), TypeError);
  assert.equal(target.innerHTML, "");
});

test("markup takes the place of what was there", () => {
  const target = { innerHTML: "before" };
  render(target, html`<b>${"&"}</b>`);
  assert.equal(target.innerHTML, "<b>&amp;</b>");
});
