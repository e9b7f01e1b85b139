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
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form && event.target.matches("select, input[type=date]") && form.reportValidity()) form.requestSubmit();
});

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

// a number that can be slid
for (const input of all("input[data-slides]")) {
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: 0, max: input.dataset.slides, step: 1 });
  slider.setAttribute("aria-label", one(`label[for="${input.id}"]`).textContent.trim());
  const follow = () => { slider.value = input.value || input.dataset.from || 0; };
  follow();
  slider.addEventListener("input", () => { input.value = slider.value; });
  input.addEventListener("input", follow);
  input.after(slider);
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
  if (form.dataset.busy) {
    const told = busy(form);
    if (form.dataset.progress && !event.defaultPrevented && window.FormData) {
      event.preventDefault();
      send(form, told);
    }
  }
});

// what takes a while says so, and for how long it has been at it
function busy(form) {
  let words = form.dataset.busy;
  one(":scope > p.busy", form)?.remove();
  const told = form.appendChild(document.createElement("p"));
  told.className = "told busy";
  told.setAttribute("role", "status");
  const bar = told.appendChild(document.createElement("progress"));
  const text = told.appendChild(document.createElement("span"));
  const begun = Date.now();
  const tell = () => {
    text.textContent = ` ${words} ${Math.round((Date.now() - begun) / 1000)} s`;
  };
  tell();
  bar.setAttribute("aria-label", form.dataset.busy);
  const clock = setInterval(tell, 1000);
  const end = () => { clearInterval(clock); told.remove(); };
  addEventListener("pageshow", end, { once: true });
  return { bar, end, say: (more) => { words = more; tell(); } };
}

// what takes long is sent here, so that it can be told how far it is: what is uploaded by the
// browser, what is read and written by the server. The answer takes the place of the page
let replaced = false;
function send(form, told) {
  const key = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16)).join("");
  const fields = new FormData(form);
  fields.append("progress", key);
  const request = new XMLHttpRequest();
  let clock;
  const failed = () => {
    clearInterval(clock);
    told.end();
    delete form.dataset.sent;
    form.removeAttribute("data-progress");
    form.requestSubmit();
  };
  const ask = async () => {
    try {
      const answer = await fetch(`${form.dataset.progress}?key=${key}`, { credentials: "same-origin" });
      const words = answer.ok && await answer.text();
      if (words && words.length < 200) told.say(words);
    } catch { /* the next may come through */ }
  };
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable || !event.total) return;
    told.bar.max = event.total;
    told.bar.value = event.loaded;
    told.say(`${form.dataset.sending} ${Math.floor(event.loaded * 100 / event.total)} % ·`);
  });
  request.upload.addEventListener("load", () => {
    told.bar.removeAttribute("value");
    told.say(form.dataset.busy);
    clock = setInterval(ask, 700);
  });
  request.addEventListener("load", () => {
    clearInterval(clock);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = one("main", page);
    const there = new URL(request.responseURL).pathname;
    // to another door, as where the session is over
    if (!main || there !== new URL(form.action).pathname) {
      location.href = request.responseURL;
      return;
    }
    told.end();
    document.title = page.title;
    one("main").replaceWith(document.adoptNode(main));
    replaced = true;
    const token = one("input[name=token]", main);
    history.pushState(null, "", token ? `/import/preview?token=${encodeURIComponent(token.value)}` : "/import");
    main.focus();
    scrollTo(0, 0);
  });
  request.addEventListener("error", failed);
  request.open("POST", form.action);
  const plain = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
  request.send(plain);
}
// what was put in the place of a page is asked for again
addEventListener("popstate", () => { if (replaced && !location.hash) location.reload(); });
addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

// on narrow screens the tree would hide the page
const fold = one(".tree .fold");
if (fold && matchMedia("(max-width: 700px)").matches) fold.open = false;

// what explains the keys
for (const button of all("[data-opens]")) {
  const dialog = document.getElementById(button.dataset.opens);
  button.hidden = !dialog || !dialog.showModal;
  button.addEventListener("click", () => dialog.showModal());
}

// what is written and not sent is here again when one comes back: in this browser alone, for
// this account alone, for a week, and not after signing out
const DRAFT = "dinggang draft ";
const WEEK = 7 * 24 * 3600 * 1000;
const kept = (work) => { try { return work(); } catch { return null; } };
for (const form of all("form[data-draft]")) {
  const name = DRAFT + form.dataset.draft + " " + location.pathname + location.search;
  const fields = () => [...form.elements].filter((one) => one.name && !["hidden", "file", "password", "submit"].includes(one.type));
  const read = () => fields().map((one) => one.type === "checkbox" ? String(one.checked) : one.multiple ? [...one.selectedOptions].map((o) => o.value).join("\n") : one.value);
  const write = (values) => fields().forEach((one, at) => {
    if (one.type === "checkbox") one.checked = values[at] === "true";
    else if (one.multiple) [...one.options].forEach((o) => { o.selected = values[at].split("\n").includes(o.value); });
    else one.value = values[at];
  });
  const given = read();
  const draft = kept(() => JSON.parse(localStorage.getItem(name)));
  // what the server shows of a refused form is newer
  if (draft && !("refused" in form.dataset) && draft.values.length === given.length
    && Date.now() - draft.at < WEEK && draft.values.join() !== given.join()) {
    write(draft.values);
    const note = document.createElement("p");
    const discard = document.createElement("button");
    note.className = "told restored";
    note.setAttribute("role", "status");
    note.append(form.dataset.restored + " ", discard);
    discard.type = "button";
    discard.textContent = form.dataset.discard;
    discard.addEventListener("click", () => {
      write(given);
      kept(() => localStorage.removeItem(name));
      note.remove();
    });
    form.prepend(note);
  }
  let wait;
  form.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(() => kept(() => localStorage.setItem(name, JSON.stringify({ at: Date.now(), values: read() }))), 400);
  });
  form.addEventListener("submit", () => {
    clearTimeout(wait);
    kept(() => localStorage.removeItem(name));
  });
}
for (const form of all('form[action="/sign-out"]')) {
  form.addEventListener("submit", () => kept(() => Object.keys(localStorage)
    .filter((name) => name.startsWith(DRAFT)).forEach((name) => localStorage.removeItem(name))));
}

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
    // what only shows or chooses is done, what is sent waits for a second key
    if (found.tagName === "A" || found.type === "checkbox" || found.dataset.opens) found.click();
    else found.focus();
    return;
  }
  const details = found.parentElement;
  details.open = !details.open;
  const first = one("input:not([type=hidden]), textarea, select, button", details);
  if (details.open && first) first.focus();
});
