// Mensagens: the list is searched, a text is checked while it is written, and a click puts a variable at the cursor.
"use strict";

const PAUSE_MS = 350;
const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

// The list of messages.
const find = document.querySelector("[data-find]");
if (find) {
  const field = find.querySelector("input");
  const opened = new Map([...document.querySelectorAll("details.module")].map((each) => [each, each.open]));
  const nothing = document.querySelector("[data-nothing]");
  find.hidden = false;
  field.addEventListener("input", () => {
    const wanted = folded(field.value.trim());
    let any = false;
    for (const [module, open] of opened) {
      let found = false;
      for (const row of module.querySelectorAll("[data-named]")) {
        row.hidden = Boolean(wanted) && !folded(row.dataset.named).includes(wanted);
        found ||= !row.hidden;
      }
      module.hidden = !found;
      module.open = wanted ? found : open;
      any ||= found;
    }
    nothing.hidden = any;
  });
}

// The editor of one text.
const editor = document.querySelector("[data-editor]");
if (editor) {
  const text = editor.querySelector("#texto");
  const told = document.getElementById("conferida");
  const summary = editor.querySelector("[data-summary]");
  const away = told.querySelector("[data-away]");
  const saved = "unsaved" in editor.dataset ? null : text.value;
  let asking = null;
  let pause = 0;
  let leaving = false;

  const ready = () => {
    for (const button of told.querySelectorAll("[data-line]")) button.hidden = false;
  };
  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const readings = fresh.querySelector("[data-readings]");
    told.querySelector("[data-problems]").replaceWith(fresh.querySelector("[data-problems]"));
    const shown = told.querySelector("[data-readings]");
    if (readings && shown) shown.replaceWith(readings);
    else if (readings) told.append(readings);
    told.classList.toggle("stale", !readings);
    ready();
    text.toggleAttribute("aria-invalid", Boolean(told.querySelector("[data-problems] .problem")));
    // Only a sentence that is new is read out.
    const sentence = told.querySelector("[data-problems]").dataset.told;
    if (summary.textContent !== sentence) summary.textContent = sentence;
  };

  const check = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const body = new URLSearchParams(new FormData(editor));
      const answer = await fetch(editor.dataset.editor, { method: "POST", body, signal: asking.signal });
      away.hidden = answer.ok;
      if (answer.ok) show(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") away.hidden = false;
    }
  };
  const soon = () => {
    clearTimeout(pause);
    pause = setTimeout(check, PAUSE_MS);
  };
  text.addEventListener("input", soon);

  told.addEventListener("click", (event) => {
    const { line, column } = event.target.dataset;
    if (!line) return;
    const before = text.value.split("\n").slice(0, line - 1);
    const place = before.reduce((sum, each) => sum + each.length + 1, 0) + Number(column) - 1;
    text.focus();
    text.setSelectionRange(place, place);
  });

  // A piece goes around what is selected; the cursor stands where the next letter is to be typed.
  editor.addEventListener("click", (event) => {
    const button = event.target.closest("[data-before]");
    if (!button) return;
    const { before, after } = button.dataset;
    const { selectionStart: start, selectionEnd: end } = text;
    const inside = after ? text.value.slice(start, end) : "";
    text.focus();
    text.setSelectionRange(after ? start : end, end);
    // Unlike setRangeText, this can be undone; it tells of the input by itself.
    document.execCommand("insertText", false, before + inside + after);
    const place = (after ? start : end) + before.length + inside.length;
    text.setSelectionRange(place, place);
  });

  const search = editor.querySelector("[data-find-piece]");
  if (search) {
    const groups = new Map([...editor.querySelectorAll("[data-group]")].map((each) => [each, each.open]));
    search.hidden = false;
    search.querySelector("input").addEventListener("input", (event) => {
      const wanted = folded(event.target.value.trim());
      for (const [group, open] of groups) {
        let found = false;
        for (const piece of group.querySelectorAll("[data-piece]")) {
          piece.hidden = Boolean(wanted) && !folded(piece.dataset.piece).includes(wanted);
          found ||= !piece.hidden;
        }
        group.hidden = !found;
        group.open = wanted ? found : open;
      }
    });
  }

  // A text that was written and not saved is not lost by a click elsewhere.
  editor.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && text.value !== saved) event.preventDefault();
  });
  ready();
  // The customers' files take a moment to draw: the page comes first.
  const pending = told.querySelector("[data-pending] > p");
  if (pending) {
    pending.textContent = "Preparando a mensagem de três clientes…";
    check();
  }
}
