// Makes pages quicker to use. Nothing depends on it: every link and form works without.
"use strict";
document.documentElement.classList.add("js");

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// what a figure opens is shown beside it
const panel = one("#panel");
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-panel]");
  if (!link || !panel || !panel.showModal) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = one("[data-panel-content]", page);
    if (!answer.ok || !content) throw new Error();
    one(".inside", panel).replaceChildren(document.adoptNode(content));
    panel.showModal();
  } catch {
    location.href = link.href;
  }
});
if (panel) panel.addEventListener("click", (event) => {
  if (event.target === panel) panel.close();
});

// a choice is the question
for (const form of all("form[data-submit-on-change]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=date]") && form.reportValidity()) form.requestSubmit();
  });
}

// the tree, narrowed by what is written
for (const input of all("input[data-filter]")) {
  input.hidden = false;
  input.addEventListener("input", () => {
    const word = input.value.trim().toLowerCase();
    for (const item of all(input.dataset.filter)) {
      item.hidden = word !== "" && !item.textContent.toLowerCase().includes(word);
    }
  });
}

// a page for paper goes to the printer
for (const button of all("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// a form that was sent is not sent twice
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.ask && !confirm(form.dataset.ask)) {
    event.preventDefault();
    return;
  }
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

// on narrow screens the tree would hide the page
const fold = one(".tree .fold");
if (fold && matchMedia("(max-width: 700px)").matches) fold.open = false;

// popups close when one looks elsewhere
document.addEventListener("click", (event) => {
  for (const details of all("details.person[open]")) {
    if (!details.contains(event.target)) details.open = false;
  }
});

// a key opens what shows it
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  const found = all("[data-key]").find((one) => one.dataset.key === event.key.toLowerCase());
  if (!found) return;
  event.preventDefault();
  if (found.tagName !== "SUMMARY") {
    if (found.tagName === "A") found.click();
    else found.focus();
    return;
  }
  const details = found.parentElement;
  details.open = !details.open;
  const first = one("input:not([type=hidden]), textarea, select, button", details);
  if (details.open && first) first.focus();
});
